package dev.sluice.plugin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Lag;
import dev.sluice.hub.Viewing;
import dev.sluice.server.spi.Sessions.Info;
import dev.sluice.server.spi.Sessions.Role;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionListTest {
    private static final Viewing SLOW = new Viewing() {
        @Override
        public void end(EndReason why) {}

        @Override
        public long bytesSent() {
            return 5_000_000;
        }

        @Override
        public long jumps() {
            return 2;
        }

        @Override
        public Lag lag() {
            return new Lag(70_000, 340_999_999);
        }

        @Override
        public long seenNs() {
            return 0;
        }
    };

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void serve() {
        server.http().get(SessionList.PATH, new OperatorOnly(server, new SessionList(server)::serve));
        server.sessions.add(new Info("1", "rtmp", from(5), "an encoder", Role.PUBLISHING, "live/x", 7, Viewing.NONE));
        server.sessions.add(new Info("2", "http-flv", from(6), "", Role.PLAYING, "live/x", 8, SLOW));
    }

    private static InetSocketAddress from(int port) {
        return new InetSocketAddress("192.0.2.9", port);
    }

    @Test
    void saysWhatIsConnectedAndHowFarBehindViewersAreAndNoAddress() {
        assertThat(server.get(SessionList.PATH).text())
                .isEqualTo("{\"sessions\":["
                        + "{\"id\":\"1\",\"protocol\":\"rtmp\",\"role\":\"publishing\",\"stream\":\"live/x\","
                        + "\"openedAtMs\":7,\"viewing\":null},"
                        + "{\"id\":\"2\",\"protocol\":\"http-flv\",\"role\":\"playing\",\"stream\":\"live/x\","
                        + "\"openedAtMs\":8,"
                        + "\"viewing\":{\"bytesSent\":5000000,\"lagBytes\":70000,\"lagMs\":340,\"jumps\":2}}]}");
    }

    @Test
    void beyondLoopbackOnlyProgramsOnTheSameMachineSeeIt() {
        server.loopbackOnly = false;

        assertThat(server.get(SessionList.PATH).status()).isEqualTo(403);
        assertThat(server.get(SessionList.PATH).text()).doesNotContain("live/x");

        server.remote = "::1";
        assertThat(server.get(SessionList.PATH).status()).isEqualTo(200);
    }
}
