package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Records of 3, 4, 5 and 6 bytes that count on from 0; the first two lie in one slab, behind others, the others in the
/// next.
class WireRunTest {
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final Slab first = new Slab(16, budget);
    private final Slab second = new Slab(16, budget);
    private int written;

    private final WireRun<String> run =
            new WireRun<>(7, List.of(record(first, 3), record(first, 4), record(second, 5), record(second, 6)));

    private WireRecord<String> record(Slab slab, int length) {
        if (slab == first && written == 0) {
            slab.bytes().writeZero(2);
        }
        int offset = slab.bytes().writerIndex();
        for (int i = 0; i < length; i++) {
            slab.bytes().writeByte(written++);
        }
        return new WireRecord<>(slab, offset, length, "", 0, false, 0);
    }

    @AfterEach
    void release() {
        first.release();
        second.release();
        assertThat(budget.usedBytes()).isZero();
    }

    private static List<Integer> numbers(ByteBuf bytes) {
        try {
            return IntStream.range(bytes.readerIndex(), bytes.writerIndex())
                    .map(bytes::getByte)
                    .boxed()
                    .toList();
        } finally {
            bytes.release();
        }
    }

    private static List<Integer> range(int from, int until) {
        return IntStream.range(from, until).boxed().toList();
    }

    @Test
    void whatLiesInOneSlabIsOnePiece() {
        assertThat(run.pieces()).hasSize(2);
        assertThat(numbers(run.pieces().get(0).bytes())).isEqualTo(range(0, 7));
        assertThat(numbers(run.pieces().get(1).bytes())).isEqualTo(range(7, 18));
        assertThat(run.length()).isEqualTo(18);
        assertThat(run.count()).isEqualTo(4);
    }

    @Test
    void whatTheKernelLeftOfARecordIsCopied() {
        int[] ends = {3, 7, 12, 18};
        for (int sent = 0; sent < run.length(); sent++) {
            int count = run.countThrough(sent);
            assertThat(run.lengthOf(count))
                    .as("end of the record of byte %d", sent)
                    .isEqualTo(ends[count - 1]);
            assertThat(run.lengthOf(count - 1)).isLessThanOrEqualTo(sent);
            assertThat(numbers(run.rest(count, sent))).isEqualTo(range(sent, ends[count - 1]));
        }
    }

    @Test
    void aPieceIsCopiedRecordByRecord() {
        var out = Unpooled.buffer();
        run.records().forEach(record -> record.writeTo(out));
        assertThat(numbers(out)).isEqualTo(range(0, 18));
    }
}
