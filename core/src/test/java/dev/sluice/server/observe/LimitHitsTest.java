package dev.sluice.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.hub.Loop;
import dev.sluice.server.spi.LimitKind;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
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
        assertThat(hits.counts()).containsEntry("new-per-address", 1000L);
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
        assertThat(hits.counts()).containsEntry("connections-total", 1L).containsEntry("viewer-lag", 0L);
    }

    @Test
    void countsKindsOfProtocolsOnceTheyWereHitInTheOrderOfTheAlphabet() {
        hits.hit("zebra-stripes", FROM);
        hits.hit("aardvark-ants", FROM);
        hits.hit("zebra-stripes", FROM);

        assertThat(List.copyOf(hits.counts().keySet()))
                .startsWith("aardvark-ants", "connections-per-address")
                .endsWith("zebra-stripes");
        assertThat(hits.counts()).containsEntry("aardvark-ants", 1L).containsEntry("zebra-stripes", 2L);
        assertThat(written()).hasSize(2);
    }

    @Test
    void losesNoHitThatComesFromManyThreads() throws InterruptedException {
        var threads = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 1000; i++) {
                        hits.hit(LimitKind.VIEWER_LAG, FROM);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(hits.counts()).containsEntry("viewer-lag", 8000L);
        assertThat(written()).hasSize(1);
        loop.periodEnds();
        assertThat(written()).last().isEqualTo("limit.hit kind=viewer-lag more=7999 period_s=60");
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
