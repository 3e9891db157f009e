package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.segments.SegmentSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmMemoryTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"64, 32", "192, 96", "4096, 4096", "11900, 5950", "100, 16", "31000, 1"})
    void whatFollowsFromTheLimitsFitsIntoThem(long heapMib, long directMib) {
        var jvm = new JvmMemory(heapMib * MIB, directMib * MIB);
        assertThat(jvm.hubBytes()).isPositive();
        assertThat(jvm.objection(jvm.hubBytes(), jvm.segmentBytes())).isEmpty();
    }

    @Test
    void streamsGetAQuarterOfTheHeapButNotMoreThanHalfOfWhatIsOffIt() {
        assertThat(new JvmMemory(400 * MIB, 400 * MIB).hubBytes()).isEqualTo(100 * MIB);
        assertThat(new JvmMemory(400 * MIB, 60 * MIB).hubBytes()).isEqualTo(30 * MIB);
    }

    @Test
    void aBudgetBeyondWhatIsOffTheHeapIsRefusedWithTheSetting() {
        var jvm = new JvmMemory(1_000 * MIB, 100 * MIB);
        assertThat(jvm.objection(75 * MIB, 0)).isEmpty();
        assertThat(jvm.objection(76 * MIB, 0))
                .hasValue(
                        "hub.memoryMaxBytes is 76 MiB, but of the 100 MiB that the JVM may take off the heap at most"
                                + " 75 MiB may be finished bytes. Lower it, or give the JVM more, such as SLUICE_OPTS='-Xmx4g'.");
    }

    @Test
    void budgetsThatTogetherOutgrowTheHeapAreRefused() {
        var jvm = new JvmMemory(100 * MIB, 1_000 * MIB);
        assertThat(jvm.objection(40 * MIB, 35 * MIB)).isEmpty();
        assertThat(jvm.objection(40 * MIB, 36 * MIB).orElseThrow())
                .contains("hub.memoryMaxBytes (40 MiB) and segments.memoryMaxBytes (36 MiB)")
                .contains("75 MiB");
        assertThat(jvm.objection(1, Long.MAX_VALUE)).isPresent();
    }

    @Test
    void theBudgetsInForceAreThoseOfThisProcess() {
        var jvm = JvmMemory.ofThisProcess();
        assertThat(HubSettings.DEFAULTS.effectiveMemoryMaxBytes()).isEqualTo(jvm.hubBytes());
        assertThat(SegmentSettings.DEFAULTS.effectiveMemoryMaxBytes()).isEqualTo(jvm.segmentBytes());
        assertThat(jvm.heapMaxBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    }
}
