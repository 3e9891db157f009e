package dev.sluice.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.RtmpException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The vectors were made with other software, which has completed real handshakes of all three versions with
/// rtmpdump.
class ScrambledHandshakeTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void agreesOnTheKeysOfTheVectors() {
        var client = KeyExchange.withExponent(3);
        var server = KeyExchange.withExponent(5);
        assertThat(client.publicKey()).hasSize(128).endsWith(0, 8);
        assertThat(server.publicKey()).hasSize(128).endsWith(0, 0x20);
        byte[] secret = client.secret(server.publicKey());
        assertThat(secret).hasSize(128).endsWith(0, 0x80, 0).isEqualTo(server.secret(client.publicKey()));

        var ofServer = StreamCiphers.of(secret, server.publicKey(), client.publicKey());
        var ofClient = StreamCiphers.of(secret, client.publicKey(), server.publicKey());
        assertThat(keyStream(ofClient)).isEqualTo("0f9f5ac9344e3f6acab9e54f12fb4893");
        assertThat(keyStream(ofServer)).isEqualTo("68b65bd075fdc629b52761c20942c179");
    }

    private static String keyStream(StreamCiphers ciphers) {
        var out = Unpooled.buffer();
        ciphers.scramble(Unpooled.wrappedBuffer(new byte[16]), out);
        return ByteBufUtil.hexDump(out);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "XTEA, c7c82aca95daa419bcd305cbdc6229e8ea2b67c4f29c7c0000bd48c390e2165f",
        "BLOWFISH, a031fb6d807be57daa2b0f0da9dd10a0941081a798c6f21f3892ac3257cdf50c"
    })
    void changesASignatureLikeTheVectors(Scrambling scrambling, String expected) {
        byte[] counting = HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        assertThat(HEX.formatHex(scrambling.over(counting, counting))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01"})
    void refusesAKeyThatGivesTheSecretAway(String small) {
        byte[] key = new byte[128];
        key[127] = Byte.parseByte(small);
        assertThatThrownBy(() -> KeyExchange.withExponent(3).secret(key)).isInstanceOf(RtmpException.class);
        byte[] large = new byte[128];
        Arrays.fill(large, (byte) 0xff);
        assertThatThrownBy(() -> KeyExchange.withExponent(3).secret(large)).isInstanceOf(RtmpException.class);
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesUnderstandEachOtherInEveryVersionHoweverTheBytesAreCut(Scrambling scrambling) {
        for (int seed = 0; seed < 20; seed++) {
            var client = new ScrambledClientHandshake(scrambling, new SplittableRandom(seed));
            var server = new ScrambledServerHandshake(new SplittableRandom(1000 + seed));
            var toServer = Unpooled.buffer();
            var toClient = Unpooled.buffer();
            client.start(toServer);
            assertThat(toServer.getUnsignedByte(0)).isEqualTo((short) scrambling.version());
            assertThat(inSteps(server, toServer, toClient, 1 + 97 * seed)).isFalse();
            assertThat(toClient.readableBytes()).isEqualTo(1 + 2 * 1536);
            assertThat(inSteps(client, toClient, toServer, 1 + 53 * seed)).isTrue();
            assertThat(client.serverSignedWell()).isTrue();
            toServer.writeByte(42);
            assertThat(server.receive(toServer, toClient)).isTrue();
            assertThat(toServer.readableBytes()).as("what follows is left").isEqualTo(1);
            assertThat(server.form()).isEqualTo(HandshakeForm.KEY_FIRST).isEqualTo(client.form());
            speak(client.ciphers(), server.ciphers(), seed);
            speak(server.ciphers(), client.ciphers(), seed);
        }
    }

    private static boolean inSteps(ScrambledHandshake handshake, ByteBuf in, ByteBuf out, int step) {
        boolean complete = false;
        while (in.isReadable()) {
            complete = handshake.receive(in.readSlice(Math.min(step, in.readableBytes())), out);
        }
        return complete;
    }

    private static void speak(StreamCiphers from, StreamCiphers to, int seed) {
        byte[] text = new byte[10_000];
        new SplittableRandom(seed).nextBytes(text);
        var scrambled = Unpooled.buffer();
        var clear = Unpooled.buffer();
        from.scramble(Unpooled.wrappedBuffer(text), scrambled);
        assertThat(ByteBufUtil.getBytes(scrambled)).isNotEqualTo(text).hasSize(text.length);
        to.unscramble(scrambled.readSlice(777), clear);
        to.unscramble(scrambled, clear);
        assertThat(ByteBufUtil.getBytes(clear)).isEqualTo(text);
    }

    /// FFmpeg as a publisher signs with the key in front, reads our key as if the digest were there, and its
    /// own in S2.
    @Test
    void theKeyOfTheServerIsInBothPlacesAndThatOfTheClientInTheEcho() {
        for (int seed = 0; seed < 200; seed++) {
            var out = Unpooled.buffer();
            var first = Unpooled.buffer();
            new ScrambledClientHandshake(new SplittableRandom(seed)).start(first);
            byte[] c1 = ByteBufUtil.getBytes(first, 1, 1536);
            new ScrambledServerHandshake(new SplittableRandom(1000 + seed)).receive(first, out);
            byte[] s2 = ByteBufUtil.getBytes(out, 1 + 1536, 1536);
            assertThat(KeyExchange.keyIn(s2, HandshakeForm.KEY_FIRST))
                    .isEqualTo(KeyExchange.keyIn(c1, HandshakeForm.KEY_FIRST));
            byte[] s1 = ByteBufUtil.getBytes(out, 1, 1536);
            assertThat(KeyExchange.keyIn(s1, HandshakeForm.KEY_FIRST))
                    .isEqualTo(KeyExchange.keyIn(s1, HandshakeForm.DIGEST_FIRST));
            assertThat(Digest.find(s1, Digest.Side.SERVER).orElseThrow().form()).isEqualTo(HandshakeForm.KEY_FIRST);
        }
    }

    @Test
    void refusesAFirstPacketWithoutASignature() {
        var server = new ScrambledServerHandshake(new SplittableRandom(1));
        var in = Unpooled.buffer().writeByte(6).writeBytes(new byte[1536]);
        assertThatThrownBy(() -> server.receive(in, Unpooled.buffer()))
                .isInstanceOf(RtmpException.class)
                .hasMessageContaining("signed");
    }

    @Test
    void aClientIsToldThatTheServerDoesNotSpeakIt() {
        var client = new ScrambledClientHandshake(new SplittableRandom(1));
        var out = Unpooled.buffer();
        client.start(out);
        assertThatThrownBy(() -> client.receive(Unpooled.buffer().writeByte(3), out))
                .isInstanceOf(RtmpException.class)
                .hasMessageContaining("does not speak RTMPE");
    }

    /// A key is placed before the packet is signed; a bit of it that changes on the way breaks the signature.
    @Test
    void theSignatureCoversTheKey() {
        var client = new ScrambledClientHandshake(new SplittableRandom(7));
        var in = Unpooled.buffer();
        client.start(in);
        byte[] c1 = ByteBufUtil.getBytes(in, 1, 1536);
        int keyAt = KeyExchange.offset(c1, HandshakeForm.KEY_FIRST);
        in.setByte(1 + keyAt + 5, in.getByte(1 + keyAt + 5) ^ 1);
        var server = new ScrambledServerHandshake(new SplittableRandom(1));
        assertThatThrownBy(() -> server.receive(in, Unpooled.buffer())).isInstanceOf(RtmpException.class);
    }
}
