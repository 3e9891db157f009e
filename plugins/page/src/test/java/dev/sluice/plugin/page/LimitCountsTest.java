package dev.sluice.plugin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.spi.LimitKind;
import java.net.InetAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LimitCountsTest {
    private static final InetAddress FROM = InetAddress.ofLiteral("192.0.2.99");

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void serve() {
        server.http().get(LimitCounts.PATH, new OperatorOnly(server, new LimitCounts(server)::serve));
        server.limits().hit("rtmp-partial-messages", FROM);
        server.limits().hit(LimitKind.VIEWER_LAG, FROM);
        server.limits().hit(LimitKind.VIEWER_LAG, FROM);
    }

    @Test
    void saysHowOftenEachLimitWasHitAndNotByWhom() {
        var answer = server.get("/-/limits.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(answer.text())
                .isEqualTo("{\"limits\":[{\"kind\":\"rtmp-partial-messages\",\"hits\":1},"
                        + "{\"kind\":\"viewer-lag\",\"hits\":2}]}");
    }

    @Test
    void beyondLoopbackOnlyProgramsOnTheSameMachineSeeIt() {
        server.loopbackOnly = false;

        assertThat(server.get("/-/limits.json").status()).isEqualTo(403);
        assertThat(server.get("/-/limits.json").text()).doesNotContain("viewer-lag");

        server.remote = "127.0.0.1";
        assertThat(server.get("/-/limits.json").status()).isEqualTo(200);
    }
}
