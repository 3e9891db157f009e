package dev.sluice.rtmp.message;

import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0Reader;
import dev.sluice.rtmp.amf.AmfValue;
import java.util.List;
import java.util.Optional;

/// The content of a data message, read: what players get to see, without `@setDataFrame`.
///
/// @param name handler, such as `onMetaData`
/// @param values what follows the name
/// @param valuesFrom where they begin in the body, for who passes them on as they came
public record DataBody(String name, List<AmfValue> values, int valuesFrom) {
    private static final String SET_DATA_FRAME = "@setDataFrame";

    public DataBody {
        values = List.copyOf(values);
    }

    /// Values before the first string are skipped: some cameras put two stray numbers there.
    ///
    /// @param body AMF0 values, as [RtmpMessage.Data] holds them
    /// @return empty if there is no name
    /// @throws RtmpException if the body is no AMF0, or exceeds a limit
    public static Optional<DataBody> read(byte[] body, RtmpLimits.Amf limits) {
        Amf0Reader reader = Amf0Reader.ofData(body, 0, limits);
        while (reader.hasNext()) {
            if (reader.next() instanceof AmfValue.Str(String name) && !name.equals(SET_DATA_FRAME)) {
                int from = reader.position();
                return Optional.of(new DataBody(name, reader.rest(), from));
            }
        }
        return Optional.empty();
    }
}
