package dev.sluice.server;

import dev.sluice.server.spi.Ports;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers which protocol listens where. Offers come one after the other, while the server starts.
final class NamedPorts implements Ports {
    private final Ports ports;
    private final Map<String, InetSocketAddress> listeners = Collections.synchronizedMap(new LinkedHashMap<>());

    NamedPorts(Ports ports) {
        this.ports = ports;
    }

    @Override
    public InetSocketAddress offer(Protocol protocol) throws PortTaken {
        var address = ports.offer(protocol);
        listeners.put(protocol.name(), address);
        return address;
    }

    @Override
    public void admitted(Channel channel) {
        ports.admitted(channel);
    }

    @Override
    public long ageMs(Channel channel) {
        return ports.ageMs(channel);
    }

    @Override
    public InetSocketAddress remote(Channel channel) {
        return ports.remote(channel);
    }

    @Override
    public InetSocketAddress local(Channel channel) {
        return ports.local(channel);
    }

    /// A port that nobody offers alone.
    void add(String name, InetSocketAddress address) {
        listeners.put(name, address);
    }

    Map<String, InetSocketAddress> listeners() {
        synchronized (listeners) {
            return Map.copyOf(listeners);
        }
    }
}
