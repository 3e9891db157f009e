package dev.sluice.rtmp.sharedobject;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// AMF0 values, encoded; what came as AMF3 is AMF0 wherever that has a form for it. They hold no references,
/// so they mean the same in whatever message they stand, and cost as many bytes as [#length()] says, however
/// many objects they would be. Immutable: any number of connections may share them.
public final class AmfBytes {
    private static final int FIRST_BYTES = 64;

    private final byte[] bytes;

    private AmfBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The values one after another.
    public static AmfBytes of(AmfValue... values) {
        return new AmfBytes(Amf0.encode(values));
    }

    /// The same, for values of a stranger: a few bytes with references in them may stand for gigabytes. The
    /// buffer ends where the limit is, so no more than that is ever written.
    ///
    /// @throws RtmpException if they take more than `mostBytes`
    static AmfBytes of(List<AmfValue> values, int mostBytes) {
        ByteBuf out = Unpooled.buffer(Math.min(FIRST_BYTES, mostBytes), mostBytes);
        try {
            values.forEach(value -> Amf0.write(out, value));
        } catch (IllegalArgumentException unwritable) {
            throw RtmpException.protocol("A shared value has a name that AMF0 cannot hold.");
        } catch (IndexOutOfBoundsException tooLong) {
            throw RtmpException.limit(
                    Limit.MESSAGE_BYTES, "Shared values that take more than %d bytes when written out.", mostBytes);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return new AmfBytes(bytes);
    }

    /// Bytes that they take.
    public int length() {
        return bytes.length;
    }

    /// What they are.
    ///
    /// @throws RtmpException if that is more than the limits allow
    public List<AmfValue> values(RtmpLimits.Amf limits) {
        return Amf0.decode(bytes, 0, limits);
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AmfBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
