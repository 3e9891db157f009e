package dev.sluice.plugin.httpflv;

import dev.sluice.hub.Packager;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Frame;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TrackKind;
import dev.sluice.media.flv.FlvDialect;
import dev.sluice.media.flv.FlvFileWriter;
import dev.sluice.media.flv.FlvMuxer;
import dev.sluice.media.flv.FlvTag;
import java.util.ArrayList;

/// FLV tags that can be put at any time: a record holds the tag's body and the size after it, in one piece and
/// shared; the 11 bytes before it, which hold the time, are each viewer's own, so that every viewer starts at
/// zero. The mark of a record is its tag type.
///
/// @param dialect what the viewers understand
record FlvFormat(FlvDialect dialect) implements WireFormat<FlvPrologue> {
    private static final int SIZE_AFTER_TAG_BYTES = 4;

    @Override
    public String name() {
        return "flv";
    }

    @Override
    public Packager<FlvPrologue> packager(WireWriter<FlvPrologue> out) {
        var muxer = new FlvMuxer(dialect);
        return new Packager<>() {
            private StreamState seen = StreamState.EMPTY;

            @Override
            public void state(StreamState state) {
                seen = state.of(state.tracks().stream().filter(muxer::carries).toList());
                out.prologue(prologue(seen, muxer));
            }

            @Override
            public void frame(Frame frame, boolean join) {
                if (!muxer.carries(frame.track())) {
                    return;
                }
                int bodyBytes = muxer.bodyBytes(frame);
                var bytes = out.begin(bodyBytes + SIZE_AFTER_TAG_BYTES);
                muxer.writeBody(frame, bytes);
                FlvFileWriter.writeTagEnd(bodyBytes, bytes);
                out.end(frame.dtsNs(), seen.joinsAt(frame), FlvMuxer.tagType(frame.track()));
            }

            @Override
            public void data(Metadata data) {
                var body = FlvMuxer.scriptBody(data);
                var bytes = out.begin(body.length() + SIZE_AFTER_TAG_BYTES);
                body.writeTo(bytes);
                FlvFileWriter.writeTagEnd(body.length(), bytes);
                out.end(data.timeNs(), false, FlvTag.SCRIPT);
            }
        };
    }

    /// How long the body of a record is, without the size after it.
    static int bodyBytes(int recordBytes) {
        return recordBytes - SIZE_AFTER_TAG_BYTES;
    }

    private static FlvPrologue prologue(StreamState state, FlvMuxer muxer) {
        var tags = new ArrayList<FlvTag>();
        state.metadata().map(FlvMuxer::scriptBody).ifPresent(body -> tags.add(new FlvTag(FlvTag.SCRIPT, 0, body)));
        for (var track : state.tracks()) {
            muxer.headers(track, state.tracks()).forEach(body -> tags.add(tag(track, body)));
        }
        return new FlvPrologue(
                state.first(TrackKind.AUDIO).isPresent(),
                state.first(TrackKind.VIDEO).isPresent(),
                state.tracks(),
                tags);
    }

    private static FlvTag tag(Track track, Payload body) {
        return new FlvTag(FlvMuxer.tagType(track), 0, body);
    }
}
