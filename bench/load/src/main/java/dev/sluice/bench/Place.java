package dev.sluice.bench;

import dev.sluice.rtmp.RtmpUrl;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/// Where streams are published and watched: addresses in which `{name}` stands for a stream's name.
///
/// @param publish address to publish to; empty if somebody else publishes
/// @param play address to play
/// @param protocol what `play` speaks
public record Place(String publish, String play, Protocol protocol) {
    private static final String NAME = "{name}";

    /// Reads what the user wrote.
    ///
    /// @param target `rtmp://host/app` to publish and play there; anything else is played only
    /// @param play where to play instead; empty for none
    public static Place of(String target, String play) throws LoadFailed {
        boolean publishes = target.startsWith("rtmp://");
        if (!publishes && !play.isEmpty()) {
            throw new LoadFailed("--play goes with an rtmp:// target, to which the streams are published");
        }
        var published = publishes ? named(target) : "";
        var played = !play.isEmpty() ? play : publishes ? published.replaceFirst("\\?.*", "") : target;
        var place = new Place(published, played, Protocol.ofUrl(played));
        place.check();
        return place;
    }

    private static String named(String target) {
        int mark = target.indexOf('?');
        var address = mark < 0 ? target : target.substring(0, mark);
        var query = mark < 0 ? "" : target.substring(mark);
        return address.contains(NAME) ? target : address.replaceFirst("/+$", "") + "/" + NAME + query;
    }

    private void check() throws LoadFailed {
        try {
            if (publishes()) {
                publishAddress("x");
            }
            playAddress();
        } catch (IllegalArgumentException e) {
            throw new LoadFailed("" + e.getMessage());
        }
    }

    public boolean publishes() {
        return !publish.isEmpty();
    }

    public RtmpUrl publishAddress(String name) {
        return RtmpUrl.parse(publish.replace(NAME, name));
    }

    public String playUrl(String name) {
        return play.replace(NAME, name);
    }

    /// Where viewers connect; may wait for a name server.
    public InetSocketAddress playAddress() {
        var url = playUrl("x");
        if (protocol == Protocol.RTMP) {
            var rtmp = RtmpUrl.parse(url);
            return new InetSocketAddress(rtmp.host(), rtmp.port());
        }
        var uri = URI.create(url);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host in " + url);
        }
        return new InetSocketAddress(uri.getHost(), Urls.portOf(uri));
    }

    /// Whether all of it lies on this machine or in a private network; may wait for a name server.
    public boolean isPrivate() throws LoadFailed {
        return isPrivate(playAddress().getHostString())
                && (!publishes() || isPrivate(publishAddress("x").host()));
    }

    private static boolean isPrivate(String host) throws LoadFailed {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!isPrivate(address)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            throw new LoadFailed("no host " + host);
        }
    }

    /// Loopback, link-local, RFC 1918, and what Java does not count: shared (RFC 6598) and unique local (RFC 4193).
    static boolean isPrivate(InetAddress address) {
        var bytes = address.getAddress();
        boolean shared = address instanceof Inet4Address && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || shared
                || uniqueLocal;
    }
}
