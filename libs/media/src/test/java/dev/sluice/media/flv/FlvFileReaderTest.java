package dev.sluice.media.flv;

import static dev.sluice.media.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.media.Malformed;
import dev.sluice.media.Payload;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlvFileReaderTest {
    private static final String HEADER = "464c5601 05 00000009 00000000";
    private static final String TAG = "08 000003 000010 01 000000 af0121 0000000e";

    @Test
    void readsTypeTimeAndBody() {
        assertThat(read(HEADER + TAG)).containsExactly(new FlvTag(8, 0x0100_0010, hex("af0121")));
    }

    @Test
    void readsTimestampsAsUnsigned() {
        assertThat(read(HEADER + "09 000001 fffffe ff 000000 17 0000000c")
                        .getFirst()
                        .timestampMs())
                .isEqualTo(0xffff_fffeL);
    }

    @Test
    void skipsALongerFileHeader() {
        assertThat(read("464c5601 05 0000000c aabbcc 00000000" + TAG)).hasSize(1);
    }

    @Test
    void skipsEncryptedTags() {
        var encrypted = "28 000003 000010 01 000000 aabbcc 0000000e";
        assertThat(read(HEADER + encrypted + TAG)).containsExactly(new FlvTag(8, 0x0100_0010, hex("af0121")));
    }

    @Test
    void reportsEmptyTagsToo() {
        assertThat(read(HEADER + "08 000000 000000 00 000000 0000000b" + TAG)).hasSize(2);
    }

    @Test
    void doesNotMindWrongSizesBetweenTags() {
        assertThat(read("464c5601 05 00000009 12345678" + TAG.replace("0000000e", "00000000") + TAG))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"464c5701 05 00000009", "3c68746d6c3e3c2f68", "464c5601 05 00000008", "464c5601 05 00000000"})
    void refusesWhatIsNoFlv(String bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        Malformed.class, e -> assertThat(e.scope()).isEqualTo(Malformed.Scope.STREAM));
    }

    @Test
    void refusesTagsAboveTheLimit() {
        assertThat(read(HEADER + "08 0003e8 000000 00 000000")).isEmpty();
        assertThatThrownBy(() -> read(HEADER + "08 0003e9 000000 00 000000"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("1001 bytes");
    }

    @Test
    void holdsNoMoreThanTwiceWhatArrived() {
        var declared = new GrowingBytes(0xff_ffff);
        assertThat(declared.takeFrom(Unpooled.wrappedBuffer(new byte[100]))).isFalse();
        assertThat(declared.payload().length()).isEqualTo(100);
        assertThat(declared.heldBytes()).isLessThanOrEqualTo(200);
        for (int i = 0; i < 1000; i++) {
            declared.takeFrom(Unpooled.wrappedBuffer(new byte[100]));
        }
        assertThat(declared.heldBytes()).isBetween(100_100, 200_200);
    }

    @Test
    void writesWhatItReads() {
        var file = Unpooled.buffer();
        FlvFileWriter.writeHeader(true, true, file);
        assertThat(file.readableBytes()).isEqualTo(FlvFileWriter.HEADER_BYTES);
        var tag = new FlvTag(8, 0x0100_0010, hex("af0121"));
        FlvFileWriter.writeTag(tag, file);
        assertThat(Payload.copyOf(file)).isEqualTo(hex(HEADER + TAG));
        assertThat(file.readableBytes()).isEqualTo(FlvFileWriter.HEADER_BYTES + FlvFileWriter.TAG_OVERHEAD_BYTES + 3);
    }

    @Test
    void flagsOnlyWhatIsThere() {
        var file = Unpooled.buffer();
        FlvFileWriter.writeHeader(true, false, file);
        assertThat(file.getByte(4)).isEqualTo((byte) 4);
    }

    @Test
    void refusesToWriteTagsOfMoreThan24Bits() {
        var out = Unpooled.buffer();
        FlvFileWriter.writeTagHeader(FlvTag.VIDEO, 0, FlvTag.MAX_BODY_BYTES, out);
        assertThatThrownBy(() -> FlvFileWriter.writeTagHeader(FlvTag.VIDEO, 0, FlvTag.MAX_BODY_BYTES + 1, out))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<FlvTag> read(String bytes) {
        var tags = new ArrayList<FlvTag>();
        new FlvFileReader(1000).feed(hex(bytes).slice(), tags::add);
        return tags;
    }
}
