package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMeterTest {
    @Test
    void readsTimesBehindANameWithBracketsAndBlanks() {
        var usage = ProcessMeter.parse(
                "42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 1234 566 0 0 20 0 1 0 100 1 1",
                "Name:\ta\nVmPeak:\t  999 kB\nVmRSS:\t  2048 kB\n");

        assertThat(usage.userSeconds()).isEqualTo(12.34);
        assertThat(usage.systemSeconds()).isEqualTo(5.66);
        assertThat(usage.cpuSeconds()).isEqualTo(18);
        assertThat(usage.residentBytes()).isEqualTo(2 << 20);
    }

    @Test
    void readsThisProcess() {
        var usage =
                new ProcessMeter(List.of(ProcessHandle.current().pid())).read().orElseThrow();

        assertThat(usage.cpuSeconds()).isPositive();
    }

    @Test
    void tellsAYoungProcessFromAnOldOne() {
        var itself = ProcessHandle.current();
        var age = Duration.between(itself.info().startInstant().orElseThrow(), Instant.now());
        var meter = new ProcessMeter(List.of(Long.MAX_VALUE, itself.pid()));

        assertThat(meter.startedWithin(age.plusSeconds(60))).isTrue();
        assertThat(meter.startedWithin(age.dividedBy(2))).isFalse();
        assertThat(new ProcessMeter(List.of()).startedWithin(age)).isFalse();
    }

    @Test
    void aProcessThatIsGoneIsNotKnown() {
        assertThat(new ProcessMeter(List.of(ProcessHandle.current().pid(), Long.MAX_VALUE)).read())
                .isEmpty();
        assertThat(new ProcessMeter(List.of()).read()).isEmpty();
    }
}
