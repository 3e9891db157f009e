package dev.sluice.media;

/// Data beside the media: `onMetaData`, cue points, captions.
///
/// @param timeNs where on the timeline, nanoseconds
/// @param name the handler name, such as `onMetaData`
/// @param value the AMF0 values that follow the name, exactly as they came
public record Metadata(long timeNs, String name, Payload value) implements Entry {
    @Override
    public int sizeBytes() {
        return value.length() + 2 * name.length();
    }

    /// Whether a newcomer must get it although it was sent before he came.
    public boolean describesStream() {
        return name.equals("onMetaData");
    }
}
