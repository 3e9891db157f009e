package dev.sluice.server;

import dev.sluice.hub.ContinuitySettings;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.FanoutSettings;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.JvmMemory;
import dev.sluice.hub.StreamSettings;
import dev.sluice.segments.SegmentSettings;
import dev.sluice.segments.Segments;
import dev.sluice.server.admission.AdmissionSettings;
import dev.sluice.server.admission.KeyAdmission;
import dev.sluice.server.config.Section;
import dev.sluice.server.config.Settings;
import dev.sluice.server.http.HttpFront;
import dev.sluice.server.http.HttpSettings;
import dev.sluice.server.http.VertxBridge;
import dev.sluice.server.netty.IoTransport;
import dev.sluice.server.netty.SocketSettings;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.ports.PortLimits;
import dev.sluice.server.ports.PortsImpl;
import dev.sluice.server.ports.ProxySettings;
import dev.sluice.server.session.SessionTable;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.Ports.PortTaken;
import dev.sluice.server.tls.Tls;
import dev.sluice.server.tls.TlsProblem;
import dev.sluice.server.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server. Starts everything in one order and stops it in the other. Start and close on one thread that
/// may wait; closing twice does no harm.
public final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    /// Together with what closing HTTP takes, well below five seconds.
    private static final long GOODBYE_MS = 2_000;
    private static final long GOODBYE_POLL_MS = 10;
    private static final long LIMIT_LOG_PERIOD_MS = 60_000;

    private static final String HTTP = "http";
    private static final String CONTINUITY = "continuity";
    private static final String FANOUT = "fanout";
    private static final String HUB = "hub";
    private static final String SEGMENTS = "segments";
    private static final String SOCKETS = "sockets";
    private static final String TLS = "tls";
    private static final String PROXY_PROTOCOL = "proxyProtocol";
    private static final String LIMITS = "limits";
    private static final String ADMISSION = "admission";

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final SessionTable sessions = new SessionTable(System::nanoTime, System::currentTimeMillis);
    private final Map<String, InetSocketAddress> listeners;
    private boolean closed;

    private Server(Settings settings, List<Plugin<?>> plugins) throws StartFailed {
        try {
            this.listeners = startAll(settings, plugins);
        } catch (StartFailed | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// What the configuration may hold: the centre's sections and one for each plugin.
    public static List<Section<?>> sections(List<Plugin<?>> plugins) {
        var sections = new ArrayList<Section<?>>();
        sections.add(new Section<>(HTTP, HttpSettings.DEFAULTS, false));
        for (var plugin : plugins) {
            sections.add(new Section<>(plugin.name(), plugin.defaults(), true));
        }
        sections.add(new Section<>(SEGMENTS, SegmentSettings.DEFAULTS, true));
        sections.add(new Section<>(CONTINUITY, ContinuitySettings.DEFAULTS, true));
        sections.add(new Section<>(FANOUT, FanoutSettings.DEFAULTS, true));
        sections.add(new Section<>(HUB, HubSettings.DEFAULTS, false));
        sections.add(new Section<>(SOCKETS, SocketSettings.DEFAULTS, false));
        sections.add(new Section<>(TLS, TlsSettings.DEFAULTS, false));
        sections.add(new Section<>(PROXY_PROTOCOL, ProxySettings.DEFAULTS, false));
        sections.add(new Section<>(LIMITS, PortLimits.DEFAULTS, false));
        sections.add(new Section<>(ADMISSION, AdmissionSettings.DEFAULTS, false));
        return sections;
    }

    /// Starts a server, or says why it cannot.
    ///
    /// @param settings loaded with [#sections] of the same plugins, and found safe
    /// @throws StartFailed with a readable reason; nothing stays behind
    public static Server start(Settings settings, List<Plugin<?>> plugins) throws StartFailed {
        return new Server(settings, plugins);
    }

    /// Where it listens, by protocol name.
    public Map<String, InetSocketAddress> listeners() {
        return listeners;
    }

    private Map<String, InetSocketAddress> startAll(Settings settings, List<Plugin<?>> plugins) throws StartFailed {
        checkMemory(settings);
        var bridge = closing(VertxBridge.start(sockets(settings)));
        var loops = bridge.loops();
        var continuity = settings.perApp(CONTINUITY, ContinuitySettings.DEFAULTS);
        var fanout = settings.perApp(FANOUT, FanoutSettings.DEFAULTS);
        var hub = new Hub(
                settings.global(HUB, HubSettings.DEFAULTS),
                app -> new StreamSettings(continuity.of(app), fanout.of(app)),
                System::currentTimeMillis);
        var limits = new LimitHits(loops.acceptLoop(), LIMIT_LOG_PERIOD_MS);
        var tls = closing(tls(settings));
        var listening = closing(new PortsImpl(
                loops,
                settings.server().listenAddress(),
                settings.global(LIMITS, PortLimits.DEFAULTS),
                settings.global(PROXY_PROTOCOL, ProxySettings.DEFAULTS),
                tls,
                limits));
        var ports = new NamedPorts(listening);
        var http = closing(new HttpFront(bridge, ports, settings.global(HTTP, HttpSettings.DEFAULTS), limits));
        var segments =
                new Segments(hub, settings.perApp(SEGMENTS, SegmentSettings.DEFAULTS), System::currentTimeMillis);
        ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
        started.push(blocking::shutdownNow);
        var context = new Context(
                hub,
                new KeyAdmission(
                        settings.apps(),
                        settings.appNames(),
                        settings.global(ADMISSION, AdmissionSettings.DEFAULTS),
                        limits,
                        System::nanoTime),
                ports,
                http,
                sessions,
                segments,
                settings.apps(),
                settings.server().loopbackOnly(),
                limits,
                loops,
                blocking);
        for (var plugin : plugins) {
            startPlugin(plugin, settings, context);
        }
        try {
            http.open();
            openShared(settings.server().sharedAddresses(), listening, ports);
        } catch (PortTaken e) {
            throw new StartFailed("" + e.getMessage(), e);
        }
        return ports.listeners();
    }

    /// Says what the machine cannot do, and what is done instead.
    private static SocketSettings sockets(Settings settings) {
        var sockets = settings.global(SOCKETS, SocketSettings.DEFAULTS);
        var asked = sockets.transport();
        asked.obstacle()
                .ifPresent(why -> log.warn(
                        "sockets.transport \"{} cannot be used here ({}); {} is used instead\"",
                        asked.label(),
                        why,
                        asked.orNearest().label()));
        if (asked.orNearest() == IoTransport.IO_URING) {
            log.warn("sockets.transport \"{} is experimental: under load it has been seen to stop\"", asked.label());
        }
        return sockets;
    }

    /// A budget beyond what the JVM may take would end in an error of the memory, hours later.
    private static void checkMemory(Settings settings) throws StartFailed {
        var objection = JvmMemory.ofThisProcess()
                .objection(
                        settings.global(HUB, HubSettings.DEFAULTS).effectiveMemoryMaxBytes(),
                        settings.global(SEGMENTS, SegmentSettings.DEFAULTS).effectiveMemoryMaxBytes());
        if (objection.isPresent()) {
            throw new StartFailed(objection.get());
        }
    }

    private static Tls tls(Settings settings) throws StartFailed {
        try {
            return Tls.start(
                    settings.global(TLS, TlsSettings.DEFAULTS),
                    Path.of(settings.server().data()));
        } catch (TlsProblem e) {
            throw new StartFailed("TLS cannot start: " + e.getMessage(), e);
        }
    }

    /// When everybody has offered: `shared`, `shared-2` and so on are what they are called.
    private static void openShared(List<InetSocketAddress> addresses, PortsImpl ports, NamedPorts named)
            throws PortTaken {
        int count = 0;
        for (var address : addresses) {
            count++;
            var bound = ports.share(address, PortsImpl.SHARED_PORTS);
            named.add(count == 1 ? "shared" : "shared-" + count, bound);
        }
    }

    private <S extends Record> void startPlugin(Plugin<S> plugin, Settings settings, Context context)
            throws StartFailed {
        try {
            started.push(plugin.start(context, settings.perApp(plugin.name(), plugin.defaults())));
        } catch (PortTaken e) {
            throw new StartFailed("" + e.getMessage(), e);
        } catch (Exception e) {
            throw new StartFailed("the plugin '" + plugin.name() + "' does not start: " + e.getMessage(), e);
        }
    }

    private <C extends AutoCloseable> C closing(C part) {
        started.push(part);
        return part;
    }

    /// Stops accepting, says goodbye to everybody, waits a little until they are gone, and stops.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        started.stream().filter(PortsImpl.class::isInstance).forEach(Server::closeQuietly);
        sessions.kickAll(EndReason.SERVER_STOPPING);
        awaitGoodbyes();
        started.forEach(Server::closeQuietly);
    }

    private void awaitGoodbyes() {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GOODBYE_MS);
        try {
            while (!sessions.list().isEmpty() && System.nanoTime() < deadlineNs) {
                TimeUnit.MILLISECONDS.sleep(GOODBYE_POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("server.close part={} failed", part.getClass().getSimpleName(), e);
        }
    }
}
