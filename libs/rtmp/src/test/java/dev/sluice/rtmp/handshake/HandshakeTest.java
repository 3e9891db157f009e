package dev.sluice.rtmp.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.Split;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private final ByteBuf out = Unpooled.buffer();

    private static byte[] packet(long seed) {
        byte[] packet = new byte[1536];
        new Random(seed).nextBytes(packet);
        return packet;
    }

    private static byte[] clientBytes(byte[] c1, byte[] c2) {
        return Hex.join(new byte[] {3}, c1, c2);
    }

    @ParameterizedTest
    @EnumSource
    void serverEchoesTheWholeC1AndSendsZeroVersion(Split split) {
        byte[] c1 = packet(1);
        ServerHandshake server = new ServerHandshake(new SplittableRandom(1));
        boolean done = false;
        for (byte[] part : split.of(clientBytes(c1, packet(2)))) {
            assertThat(done).isFalse();
            done = server.receive(Unpooled.wrappedBuffer(part), out);
        }
        assertThat(done).isTrue();
        assertThat(out.readableBytes()).isEqualTo(3073);
        assertThat(out.getByte(0)).isEqualTo((byte) 3);
        assertThat(out.getLong(1)).isZero();
        assertThat(ByteBufUtil.getBytes(out, 1537, 1536)).isEqualTo(c1);
    }

    @Test
    void serverAnswersInOneWriteOnceC1IsComplete() {
        ServerHandshake server = new ServerHandshake(new SplittableRandom(1));
        byte[] bytes = clientBytes(packet(1), packet(2));
        assertThat(server.receive(Unpooled.wrappedBuffer(bytes, 0, 1536), out)).isFalse();
        assertThat(out.isReadable()).isFalse();
        assertThat(server.receive(Unpooled.wrappedBuffer(bytes, 1536, 1), out)).isFalse();
        assertThat(out.readableBytes()).isEqualTo(3073);
    }

    @Test
    void leavesWhatFollowsC2() {
        ServerHandshake server = new ServerHandshake(new SplittableRandom(1));
        ByteBuf in = Unpooled.wrappedBuffer(Hex.join(clientBytes(packet(1), packet(2)), Hex.bytes("0300")));
        assertThat(server.receive(in, out)).isTrue();
        assertThat(Hex.of(in)).isEqualTo("0300");
    }

    @ParameterizedTest
    @EnumSource
    void clientSendsC2OnS1AndAwaitsS2WithoutLookingAtIt(Split split) {
        ClientHandshake client = new ClientHandshake(new SplittableRandom(1));
        client.start(out);
        assertThat(out.readableBytes()).isEqualTo(1537);
        assertThat(out.getLong(1)).isZero();
        byte[] s1 = packet(3);
        int seen = 0;
        boolean done = false;
        for (byte[] part : split.of(Hex.join(new byte[] {3}, s1, packet(4)))) {
            done = client.receive(Unpooled.wrappedBuffer(part), out);
            seen += part.length;
            assertThat(out.readableBytes()).isEqualTo(seen < 1537 ? 1537 : 1537 + 1536);
        }
        assertThat(done).isTrue();
        assertThat(ByteBufUtil.getBytes(out, 1537, 1536)).isEqualTo(s1);
    }

    @Test
    void clientAndServerUnderstandEachOther() {
        ClientHandshake client = new ClientHandshake(new SplittableRandom(1));
        ServerHandshake server = new ServerHandshake(new SplittableRandom(2));
        ByteBuf toServer = Unpooled.buffer();
        client.start(toServer);
        assertThat(server.receive(toServer, out)).isFalse();
        assertThat(client.receive(out, toServer)).isTrue();
        assertThat(server.receive(toServer, out)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "80, HTTP",
        "71, HTTP",
        "22, TLS",
        "6, RTMPE",
        "8, RTMPE",
        "9, RTMPE",
        "60, Flash policy",
        "0, first byte is 0",
        "255, first byte is 255"
    })
    void saysWhatTheOtherSideSpeaks(int firstByte, String words) {
        ServerHandshake server = new ServerHandshake(new SplittableRandom(1));
        assertThatThrownBy(() -> server.receive(Unpooled.wrappedBuffer(new byte[] {(byte) firstByte}), out))
                .isInstanceOfSatisfying(RtmpException.class, e -> {
                    assertThat(e.kind()).isEqualTo(RtmpException.Kind.HANDSHAKE);
                    assertThat(e).hasMessageContaining(words);
                    assertThat(e.getStackTrace()).isEmpty();
                });
        assertThat(out.isReadable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1536, 1537, 1538, 3072})
    void waitsForTheRestOfATruncatedHandshake(int bytes) {
        ServerHandshake server = new ServerHandshake(new SplittableRandom(1));
        byte[] all = clientBytes(packet(1), packet(2));
        assertThat(server.receive(Unpooled.wrappedBuffer(all, 0, bytes), out)).isFalse();
    }
}
