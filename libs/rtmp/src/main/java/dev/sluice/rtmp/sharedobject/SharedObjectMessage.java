package dev.sluice.rtmp.sharedobject;

import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// One message of type 19, or of type 16 without its format byte: what happens to one shared object, in
/// order. Immutable, so the same message may go to many clients. @spec RTMP 1.0 §7.1.3
///
/// @param name of the object within its application
/// @param version of the object after this, unsigned 32 bits
/// @param persistent which kind of object is meant: one that outlives its users, or one that does not
public record SharedObjectMessage(String name, long version, boolean persistent, List<SharedObjectEvent> events) {
    public SharedObjectMessage {
        events = List.copyOf(events);
    }

    /// Reads a body. Events of unknown types are skipped, and so is what follows the known fields of an
    /// event. References count from the beginning of the event they stand in.
    ///
    /// @throws RtmpException if the bytes are no such message, or exceed a limit; values count as many bytes
    ///     as they take without references
    public static SharedObjectMessage read(byte[] body, RtmpLimits limits) {
        return new SharedObjectReader(body, limits).message();
    }

    /// Writes the body.
    ///
    /// @throws IllegalArgumentException if a name or a key has more than 65535 bytes
    public void writeTo(ByteBuf out) {
        SharedObjectWriter.write(out, this);
    }
}
