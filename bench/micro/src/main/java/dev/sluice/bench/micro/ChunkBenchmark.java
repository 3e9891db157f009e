package dev.sluice.bench.micro;

import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.chunk.ChunkDecoder;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// The chunk stream in both directions: nanoseconds per message of a stream of 2 Mbit/s, each three messages one of
/// video (8,000 bytes) and two of audio (340 bytes).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChunkBenchmark {
    private static final int MESSAGES = 3 * 64;
    private static final int VIDEO_CSID = 6;
    private static final int AUDIO_CSID = 4;

    /// What an encoder sends, and what Sluice sends.
    @Param({"4096", "65536"})
    public int chunkBytes;

    private final ByteBuf video = Unpooled.wrappedBuffer(new byte[8_000]);
    private final ByteBuf audio = Unpooled.wrappedBuffer(new byte[340]);
    private final ByteBuf out = Unpooled.directBuffer(1 << 20);
    private ByteBuf stream = Unpooled.EMPTY_BUFFER;
    private ChunkDecoder decoder = new ChunkDecoder(RtmpLimits.DEFAULTS);
    private int remembered;

    /// Announces the chunk size, once, so that the stream can be decoded again and again.
    @Setup
    public void encodeAStream() {
        var announcement = Unpooled.buffer();
        ChunkEncoder.writeType0(
                announcement,
                2,
                0,
                MessageType.SET_CHUNK_SIZE,
                0,
                Unpooled.buffer().writeInt(chunkBytes),
                128);
        decoder.admit();
        decoder.next(announcement);
        stream = Unpooled.directBuffer();
        var encoder = new ChunkEncoder(chunkBytes);
        for (int i = 0; i < MESSAGES; i += 3) {
            encoder.write(stream, VIDEO_CSID, i * 11L, MessageType.VIDEO, 1, video);
            encoder.write(stream, AUDIO_CSID, i * 11L, MessageType.AUDIO, 1, audio);
            encoder.write(stream, AUDIO_CSID, i * 11L + 21, MessageType.AUDIO, 1, audio);
        }
        remembered = stream.writerIndex();
    }

    @TearDown
    public void release() {
        out.release();
        stream.release();
    }

    /// As viewers get it: relative headers, shared by all.
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public ByteBuf encode() {
        out.clear();
        for (int i = 0; i < MESSAGES; i += 3) {
            ChunkEncoder.writeType1(out, VIDEO_CSID, 33, MessageType.VIDEO, video, chunkBytes);
            ChunkEncoder.writeType1(out, AUDIO_CSID, 21, MessageType.AUDIO, audio, chunkBytes);
            ChunkEncoder.writeType1(out, AUDIO_CSID, 21, MessageType.AUDIO, audio, chunkBytes);
        }
        return out;
    }

    /// As a publisher sends it.
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void decode(Blackhole sink) {
        stream.setIndex(0, remembered);
        for (var message = decoder.next(stream); message.isPresent(); message = decoder.next(stream)) {
            sink.consume(message.get());
        }
    }
}
