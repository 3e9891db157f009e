package dev.sluice.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.handshake.Digest.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The vectors were made with other software, which has completed real handshakes with FFmpeg and rtmpdump.
class DigestHandshakeTest {
    private static byte[] packet(String version, int factor, int start) {
        byte[] packet = new byte[1536];
        System.arraycopy(HexFormat.of().parseHex(version), 0, packet, 4, 4);
        for (int i = 0; i < 1528; i++) {
            packet[8 + i] = (byte) (factor * i + start);
        }
        return packet;
    }

    @ParameterizedTest
    @CsvSource({
        "DIGEST_FIRST, 66, 3dfcbea3f0f8a6eb3097072f48c98a27553d36493eb56c20b853c1ef74aef093,"
                + " 91be4e8e371e33082ec9e63ace5c9e0b8d79f7feb628bd9470be2effba025bbb,"
                + " e43280e3cc07de1b0929d9a14bdede3ecf8d8c49f0136ab0f899cad7ee5ab929",
        "KEY_FIRST, 1014, fc06731657ba2c11fcfe90748216036bc49d37c55382b909294ba9a8bf60adf8,"
                + " b91923d41bfbd72c60ce3de739bafebf60166d0cf77b625abc8b8de6dc4d1a3f,"
                + " 273beb4b7bf96a3b4154de5e907961776db4e069c4f1fafbebb7fccf1a497ec0"
    })
    void signsC1AndAnswersItLikeTheVectors(HandshakeForm form, int offset, String digest, String sha, String answer)
            throws NoSuchAlgorithmException {
        byte[] c1 = packet("09007c02", 7, 3);
        assertThat(Digest.digestOffset(c1, form)).isEqualTo(offset);
        byte[] signed = Digest.sign(c1, form, Side.CLIENT);
        assertThat(HexFormat.of().formatHex(signed)).isEqualTo(digest);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(c1)))
                .isEqualTo(sha);
        assertThat(Digest.find(c1, Side.CLIENT).orElseThrow().form()).isEqualTo(form);
        assertThat(Digest.find(c1, Side.SERVER)).isEmpty();
        byte[] zeros = new byte[Digest.SIGNED_BYTES];
        assertThat(HexFormat.of().formatHex(Digest.signature(signed, Side.SERVER, zeros)))
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "DIGEST_FIRST, 46, 33a89433781861fef199b35cd58ac28951f1597741e36aca4fcbcf91f443369b,"
                + " cc0fc7aa16b1e30f8fecf1a9251029095752012939e4764a592d9d0ba61c3d36",
        "KEY_FIRST, 1026, e6e76660ec9384421204cfc0bceaed1fb11f572442ae48296fe1dff04b3aca50,"
                + " caff9cffb8e5bba3105c71b9d4a987d203acf0b880fdaf0d6b13b7740a9cd545"
    })
    void signsS1AndAnswersItLikeTheVectors(HandshakeForm form, int offset, String digest, String answer) {
        byte[] s1 = packet("03050101", 5, 1);
        assertThat(Digest.digestOffset(s1, form)).isEqualTo(offset);
        byte[] signed = Digest.sign(s1, form, Side.SERVER);
        assertThat(HexFormat.of().formatHex(signed)).isEqualTo(digest);
        byte[] zeros = new byte[Digest.SIGNED_BYTES];
        assertThat(HexFormat.of().formatHex(Digest.signature(signed, Side.CLIENT, zeros)))
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesUnderstandEachOtherInEveryForm(HandshakeForm form) {
        for (int seed = 0; seed < 50; seed++) {
            var client = new ClientHandshake(new SplittableRandom(seed), form);
            var server = new ServerHandshake(new SplittableRandom(1000 + seed));
            ByteBuf toServer = Unpooled.buffer();
            ByteBuf toClient = Unpooled.buffer();
            client.start(toServer);
            assertThat(server.receive(toServer, toClient)).isFalse();
            assertThat(toClient.readableBytes()).isEqualTo(3073);
            assertThat(client.receive(toClient, toServer)).isTrue();
            assertThat(server.receive(toServer, toClient)).isTrue();
            assertThat(server.form()).isEqualTo(form);
            assertThat(client.form()).isEqualTo(form);
            assertThat(client.serverSignedWell()).isTrue();
        }
    }

    @Test
    void c2OfASignedClientAnswersS1() {
        byte[] s1 = packet("03050101", 5, 1);
        byte[] digest = Digest.sign(s1, HandshakeForm.DIGEST_FIRST, Side.SERVER);
        var client = new ClientHandshake(new SplittableRandom(1), HandshakeForm.DIGEST_FIRST);
        ByteBuf out = Unpooled.buffer();
        client.start(out);
        client.receive(Unpooled.wrappedBuffer(Hex.join(new byte[] {3}, s1, new byte[1536])), out);
        assertThat(Digest.answers(ByteBufUtil.getBytes(out, 1537, 1536), digest, Side.CLIENT))
                .isTrue();
        assertThat(client.serverSignedWell()).as("S2 was zeros").isFalse();
    }

    @Test
    void junkWhereTheVersionBelongsGetsASimpleAnswerThatSaysSo() {
        byte[] c1 = packet("09007c02", 7, 3);
        var server = new ServerHandshake(new SplittableRandom(1));
        ByteBuf out = Unpooled.buffer();
        server.receive(Unpooled.wrappedBuffer(Hex.join(new byte[] {3}, c1)), out);
        assertThat(out.getInt(5)).as("version of S1").isZero();
        assertThat(ByteBufUtil.getBytes(out, 1537, 1536)).isEqualTo(c1);
        assertThat(server.form()).isEqualTo(HandshakeForm.SIMPLE);
    }

    @Test
    void aSignedClientTakesASimpleAnswer() {
        var client = new ClientHandshake(new SplittableRandom(1), HandshakeForm.DIGEST_FIRST);
        ByteBuf out = Unpooled.buffer();
        client.start(out);
        byte[] s1 = packet("00000000", 5, 1);
        assertThat(client.receive(Unpooled.wrappedBuffer(Hex.join(new byte[] {3}, s1, new byte[1536])), out))
                .isTrue();
        assertThat(ByteBufUtil.getBytes(out, 1537, 1536)).isEqualTo(s1);
        assertThat(client.form()).isEqualTo(HandshakeForm.SIMPLE);
    }

    @Test
    void anyOtherByteBreaksTheDigest() {
        byte[] c1 = packet("09007c02", 7, 3);
        Digest.sign(c1, HandshakeForm.DIGEST_FIRST, Side.CLIENT);
        for (int at : new int[] {0, 7, 65, 98, 1535}) {
            byte[] changed = Arrays.copyOf(c1, c1.length);
            changed[at] ^= 1;
            assertThat(Digest.find(changed, Side.CLIENT)).isEmpty();
        }
    }
}
