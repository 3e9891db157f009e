package dev.sluice.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;

/// RTMPE from a stranger, who may well know how to sign. Without `JAZZER_FUZZ=1` they only run their seeds.
class ScrambledHandshakeFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void asItComes(byte[] bytes) {
        attempt(new ScrambledServerHandshake(new SplittableRandom(1)), Unpooled.wrappedBuffer(bytes));
        attempt(startedClient(), Unpooled.wrappedBuffer(bytes));
    }

    /// The bytes in a packet that is signed, in both layouts: whatever key is in it, an answer or a refusal.
    @FuzzTest(maxDuration = "10m")
    void signed(byte[] bytes) {
        for (var form : new HandshakeForm[] {HandshakeForm.KEY_FIRST, HandshakeForm.DIGEST_FIRST}) {
            for (var side : Digest.Side.values()) {
                byte[] packet = Arrays.copyOf(bytes, Handshakes.PACKET_BYTES);
                Digest.sign(packet, form, side);
                var in = Unpooled.buffer().writeByte(8).writeBytes(packet).writeBytes(packet);
                attempt(
                        side == Digest.Side.CLIENT
                                ? new ScrambledServerHandshake(new SplittableRandom(1))
                                : startedClient(),
                        in);
            }
        }
    }

    private static ScrambledClientHandshake startedClient() {
        var client = new ScrambledClientHandshake(new SplittableRandom(1));
        client.start(Unpooled.buffer());
        return client;
    }

    private static void attempt(ScrambledHandshake handshake, ByteBuf in) {
        try {
            if (handshake.receive(in, Unpooled.buffer())) {
                handshake.ciphers().unscramble(in, Unpooled.buffer());
                assertThat(handshake.form()).isNotEqualTo(HandshakeForm.SIMPLE);
            }
        } catch (RtmpException expected) {
            assertThat(expected.getStackTrace()).isEmpty();
        }
    }
}
