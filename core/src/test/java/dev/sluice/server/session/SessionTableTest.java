package dev.sluice.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.Viewing;
import dev.sluice.server.spi.Sessions.Role;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SessionTableTest {
    private static final StreamName DEMO = new StreamName("live", "demo");
    private static final StreamName OTHER = new StreamName("live", "other");
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4711);

    private long nowNs = 5_000_000_000L;
    private final SessionTable table = new SessionTable(() -> nowNs, () -> 1_700_000_000_000L);
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sluice.session");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listenToTheLog() {
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }

    private List<String> logged() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void writesOneLineWhenASessionOpensChangesRoleAndEnds() {
        var session = table.open("test", REMOTE, reason -> {});
        session.client("OBS 31");
        session.role(Role.PUBLISHING, DEMO);
        nowNs += 12_340_000_000L;
        session.end(EndReason.CLIENT_DONE, "closed the stream");
        session.end(EndReason.CONNECTION_LOST, "again");
        session.role(Role.PLAYING, DEMO);
        assertThat(logged())
                .containsExactly(
                        "session.open id=1 protocol=test remote=192.0.2.7:4711",
                        "session.publish id=1 stream=live/demo client=\"OBS 31\"",
                        "session.end id=1 reason=client_done detail=\"closed the stream\" seconds=12.3");
        assertThat(table.viewersOf(DEMO)).isZero();
    }

    @Test
    void writesIpv6AddressesInBrackets() {
        table.open("test", new InetSocketAddress(InetAddress.ofLiteral("::1"), 9), reason -> {});
        assertThat(logged()).containsExactly("session.open id=1 protocol=test remote=[0:0:0:0:0:0:0:1]:9");
    }

    @Test
    void countsViewersOfEachStream() {
        var one = table.open("test", REMOTE, reason -> {});
        var two = table.open("test", REMOTE, reason -> {});
        one.role(Role.PLAYING, DEMO);
        two.role(Role.PLAYING, DEMO);
        assertThat(table.viewersOf(DEMO)).isEqualTo(2);
        two.role(Role.PLAYING, OTHER);
        assertThat(table.viewersOf(DEMO)).isEqualTo(1);
        assertThat(table.viewersOf(OTHER)).isEqualTo(1);
        two.role(Role.CONNECTED, OTHER);
        assertThat(table.viewersOf(OTHER)).isZero();
        one.end(EndReason.CLIENT_DONE, "");
        one.end(EndReason.CLIENT_DONE, "");
        assertThat(table.viewersOf(DEMO)).isZero();
    }

    @Test
    void listsWhoIsConnectedOldestFirst() {
        for (int i = 0; i < 40; i++) {
            table.open("test", REMOTE, reason -> {}).client("client " + i);
        }
        var rows = table.list();
        assertThat(rows)
                .extracting(row -> row.client())
                .startsWith("client 0", "client 1")
                .endsWith("client 39");
        assertThat(rows.get(39).id()).isEqualTo("14");
        assertThat(rows.getFirst().stream()).isEqualTo("-");
        assertThat(rows.getFirst().openedAtMs()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void keepsWhatAPlayerIsShownAndForgetsItOnceHeOnlyIsConnected() {
        var viewing = (Viewing) Proxy.newProxyInstance(
                Viewing.class.getClassLoader(), new Class<?>[] {Viewing.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        var session = table.open("test", REMOTE, reason -> {});
        session.role(Role.PLAYING, DEMO);
        session.watches(viewing);
        assertThat(table.list().getFirst().viewing() == viewing).isTrue();
        session.role(Role.CONNECTED, DEMO);
        assertThat(table.list().getFirst().viewing()).isSameAs(Viewing.NONE);
    }

    @Test
    void forgetsSessionsThatEnded() {
        var session = table.open("test", REMOTE, reason -> {});
        session.role(Role.PLAYING, DEMO);
        assertThat(table.list()).extracting(row -> row.stream()).containsExactly("live/demo");
        session.end(EndReason.STALLED, "");
        assertThat(table.list()).isEmpty();
    }

    @Test
    void asksEverybodyToLeave() {
        var kicked = new ArrayList<EndReason>();
        table.open("test", REMOTE, kicked::add);
        table.open("test", REMOTE, kicked::add);
        table.kickAll(EndReason.SERVER_STOPPING);
        assertThat(kicked).containsExactly(EndReason.SERVER_STOPPING, EndReason.SERVER_STOPPING);
    }

    @Test
    void asksWhoComesWhileTheServerStopsToLeaveAtOnce() {
        var kicked = new ArrayList<EndReason>();
        table.kickAll(EndReason.KICKED);
        table.open("test", REMOTE, kicked::add);
        assertThat(kicked).isEmpty();

        table.kickAll(EndReason.SERVER_STOPPING);
        kicked.clear();
        var late = table.open("test", REMOTE, kicked::add);

        assertThat(kicked).containsExactly(EndReason.SERVER_STOPPING);
        assertThat(table.list()).hasSize(2);
        late.end(EndReason.SERVER_STOPPING, "");
        assertThat(table.list()).hasSize(1);
    }

    @Test
    void everybodyWhoComesWhileTheServerBeginsToStopIsAsked() throws Exception {
        for (int round = 0; round < 500; round++) {
            var fresh = new SessionTable(() -> nowNs, () -> 0);
            var asked = new CountDownLatch(1);
            var start = new CountDownLatch(1);
            var newcomer = Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                fresh.open("test", REMOTE, reason -> asked.countDown());
            });
            start.countDown();
            fresh.kickAll(EndReason.SERVER_STOPPING);
            newcomer.join();
            assertThat(asked.getCount()).isZero();
        }
    }

    @Test
    void keepsTheLogReadableWhateverAClientCallsItself() {
        var session = table.open("test", REMOTE, reason -> {});
        session.client("x\r\n2026 INFO session.open id=fake \u001b[31m\u0085\u202e\"");
        session.role(Role.PLAYING, DEMO);
        session.end(EndReason.BAD_INPUT, "y".repeat(5_000) + "\n");
        assertThat(logged()).allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\p{Cc}\\p{Cf}]"));
        assertThat(logged().get(1)).contains("x\\r\\n2026").contains("\\u{1b}[31m\\u{85}\\u{202e}\\\"");
        assertThat(logged().get(2).length()).isLessThan(350);
    }

    @Test
    void countsRightWhenEndsRaceWithNewRoles() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var session = table.open("test", REMOTE, reason -> {});
            var start = new CountDownLatch(1);
            var racer = Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                session.end(EndReason.KICKED, "");
            });
            start.countDown();
            session.role(Role.PLAYING, DEMO);
            racer.join();
        }
        assertThat(table.viewersOf(DEMO)).isZero();
        assertThat(table.list()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void escapesWhatIsNotText() {
        assertThat(LogText.escape("plain ü 日本 🎥")).isEqualTo("plain ü 日本 🎥");
        assertThat(LogText.escape("a\tb\\c")).isEqualTo("a\\tb\\\\c");
        assertThat(LogText.escape("\ud800x\u2028\u200f")).isEqualTo("\\u{d800}x\\u{2028}\\u{200f}");
        assertThat(LogText.escape("a".repeat(256))).hasSize(256).endsWith("…");
        assertThat(LogText.escape("a".repeat(255))).isEqualTo("a".repeat(255));
        assertThat(LogText.escape("\u0000".repeat(300)).length()).isLessThanOrEqualTo(256);
    }
}
