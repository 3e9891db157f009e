package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeasurementTest {
    private static final int NO_SECONDS = 0;
    private static final BenchPlan PLAN =
            new BenchPlan(new LoadShape(1, 400, 30, 30), 12, 0, 1_000, NO_SECONDS, NO_SECONDS, 500, "x", 1);

    /// Viewers that join at once.
    private static final class Crowd implements Load {
        private final Tally tally = new Tally();
        private final List<Integer> sizes = new ArrayList<>(List.of(0));

        @Override
        public void resize(int viewersPerStream) {
            for (int joining = sizes.getLast(); joining < viewersPerStream; joining++) {
                tally.joined(1, false);
            }
            sizes.add(viewersPerStream);
        }

        @Override
        public LoadState state() {
            return new LoadState(0, sizes.getLast(), tally.snapshot(), 0, List.of(), 0, List.of());
        }

        @Override
        public void close() {}
    }

    /// Those of the run before are still there when the next one begins: nobody would join a second rehearsal.
    @Test
    void viewersRehearseBeforeTheFirstRunOnlyThoughTheServerIsNotKnown() throws Exception {
        var crowd = new Crowd();
        var unknown = new ProcessMeter(List.of());
        var measurement = new Measurement(PLAN, Protocol.RTMP, crowd, unknown, () -> false, text -> {});

        measurement.run(12);
        measurement.run(24);

        assertThat(crowd.sizes).containsExactly(0, 12, 0, 12, 0, 12, 0, 0, 12, 0, 24);
    }

    @Test
    void aServerThatHasJustStartedIsSaidToBeStillCompiling() throws Exception {
        var server = new ProcessBuilder("sleep", "60").start();
        try {
            var young = new ProcessMeter(List.of(server.pid()));

            var result = new Measurement(PLAN, Protocol.RTMP, new Crowd(), young, () -> false, text -> {}).run(12);

            assertThat(result.notes()).anySatisfy(note -> assertThat(note).contains("just started", "--warm-up 90"));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }
}
