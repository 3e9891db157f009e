package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.hub.Loop;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimitHitsTest {
    private static final InetAddress FROM = InetAddress.getLoopbackAddress();

    private final Logger logger = (Logger) LoggerFactory.getLogger(LimitHits.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final HandLoop loop = new HandLoop();
    private final LimitHits hits = new LimitHits(loop, 60_000);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void writesTheFirstHitAtOnceAndTheOthersOncePerPeriod() {
        for (int i = 0; i < 1000; i++) {
            hits.hit(LimitKind.NEW_PER_ADDRESS, FROM);
        }
        assertThat(written()).containsExactly("limit.hit kind=new-per-address from=127.0.0.1");

        loop.periodEnds();

        assertThat(written()).hasSize(2).last().isEqualTo("limit.hit kind=new-per-address more=999 period_s=60");
        assertThat(hits.count(LimitKind.NEW_PER_ADDRESS)).isEqualTo(1000);
    }

    @Test
    void forgetsAQuietKindAndKeepsKindsApart() {
        hits.hit(LimitKind.NEW_PER_ADDRESS, FROM);
        hits.hit(LimitKind.CONNECTIONS_TOTAL, FROM);
        loop.periodEnds();
        assertThat(written()).hasSize(2);
        assertThat(loop.tasks).isEmpty();

        hits.hit(LimitKind.NEW_PER_ADDRESS, FROM);

        assertThat(written()).hasSize(3);
        assertThat(hits.count(LimitKind.CONNECTIONS_TOTAL)).isEqualTo(1);
    }

    private List<String> written() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /// A loop whose delays end when the test says so.
    private static final class HandLoop implements Loop {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        void periodEnds() {
            for (int due = tasks.size(); due > 0; due--) {
                tasks.remove().run();
            }
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long nowNs() {
            return 0;
        }

        @Override
        public Cancellable after(long delayMs, Runnable task) {
            tasks.add(task);
            return () -> tasks.remove(task);
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }
}
