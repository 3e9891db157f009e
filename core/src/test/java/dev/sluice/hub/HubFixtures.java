package dev.sluice.hub;

import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Metadata;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// Streams, frames and viewers for tests of the hub.
final class HubFixtures {
    static final StreamName NAME = new StreamName("live", "test");
    static final Track VIDEO = new Track(0, Codec.VP6, new CodecConfig.Opaque(Payload.EMPTY));
    static final Track AUDIO = new Track(0, Codec.SPEEX, new CodecConfig.Opaque(Payload.EMPTY));
    static final long MS = 1_000_000L;

    private HubFixtures() {}

    static TracksChanged tracks(Track... tracks) {
        return new TracksChanged(0, List.of(tracks), 1);
    }

    /// A video frame whose payload begins with its number.
    static Frame video(int number, long dtsMs, boolean key, int bytes) {
        return new Frame(VIDEO, dtsMs * MS, dtsMs * MS, key ? FrameKind.KEY : FrameKind.INTER, numbered(number, bytes));
    }

    static Frame audio(int number, long dtsMs, int bytes) {
        return new Frame(AUDIO, dtsMs * MS, dtsMs * MS, FrameKind.KEY, numbered(number, bytes));
    }

    private static Payload numbered(int number, int bytes) {
        var array = new byte[Math.max(4, bytes)];
        array[0] = (byte) (number >> 24);
        array[1] = (byte) (number >> 16);
        array[2] = (byte) (number >> 8);
        array[3] = (byte) number;
        return Payload.of(array);
    }

    /// A format whose bytes are the payloads, each after its length. The prologue counts the changes of state.
    static final class TestFormat implements WireFormat<String> {
        int packagersMade;
        int framesEncoded;

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Packager<String> packager(WireWriter<String> out) {
            packagersMade++;
            return new Packager<>() {
                @Override
                public void state(StreamState state) {
                    out.prologue("tracks " + state.tracks().size());
                }

                @Override
                public void frame(Frame frame, boolean join) {
                    framesEncoded++;
                    var bytes = out.begin(frame.payload().length() + 4);
                    bytes.writeInt(frame.payload().length());
                    frame.payload().writeTo(bytes);
                    out.end(frame.dtsNs(), join, frame.dtsNs() / MS);
                }

                @Override
                public void data(Metadata data) {
                    out.begin(8).writeInt(4).writeInt(-1);
                    out.end(data.timeNs(), false, data.timeNs() / MS);
                }
            };
        }
    }

    /// A viewer's connection that the test can freeze. Keeps the numbers of the frames it got.
    static class TestOutlet implements Outlet, Framing<String> {
        private final Loop loop;
        final List<Integer> numbers = new ArrayList<>();
        final List<String> joins = new ArrayList<>();
        final List<EndReason> ends = new ArrayList<>();
        int flushes;
        int jumped;
        int writes;
        int sends;
        int asked;
        boolean frozen;
        private Runnable resume = () -> {};
        private Runnable gone = () -> {};

        TestOutlet(Loop loop) {
            this.loop = loop;
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public boolean writable() {
            asked++;
            return !frozen;
        }

        @Override
        public void write(ByteBuf bytes) {
            writes++;
            while (bytes.isReadable()) {
                int length = bytes.readInt();
                numbers.add(bytes.getInt(bytes.readerIndex()));
                bytes.skipBytes(length);
            }
            bytes.release();
        }

        @Override
        public int send(WireRun<?> run) {
            sends++;
            return Outlet.super.send(run);
        }

        @Override
        public ByteBuf begin(int maxBytes) {
            throw new UnsupportedOperationException("everything is shared here");
        }

        @Override
        public void end() {}

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public void onWritable(Runnable resume) {
            this.resume = resume;
        }

        @Override
        public void onClosed(Runnable gone) {
            this.gone = gone;
        }

        @Override
        public void close() {}

        @Override
        public void join(String prologue, WireRecord<String> first, Outlet outlet) {
            joins.add(prologue + " at " + first.mark());
        }

        @Override
        public void jumped() {
            jumped++;
        }

        @Override
        public void end(EndReason why, Outlet outlet) {
            ends.add(why);
        }

        void thaw() {
            frozen = false;
            resume.run();
        }

        void disconnect() {
            gone.run();
        }
    }
}
