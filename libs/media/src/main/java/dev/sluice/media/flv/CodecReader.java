package dev.sluice.media.flv;

import dev.sluice.media.Entry;
import dev.sluice.media.Payload;
import java.util.function.Consumer;

/// Reads configurations and frames of one track of one codec, whatever form its messages had.
interface CodecReader {
    /// @param record may be empty for codecs that need none
    /// @throws dev.sluice.media.Malformed for bytes that break the codec's format
    void configuration(Payload record, long timestampMs, Consumer<Entry> out);

    /// @throws dev.sluice.media.Malformed for bytes that break the codec's format
    void frame(CodedFrame frame, Consumer<Entry> out);
}
