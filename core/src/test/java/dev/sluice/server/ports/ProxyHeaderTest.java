package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.ports.ProxyHeader.Absent;
import dev.sluice.server.ports.ProxyHeader.Broken;
import dev.sluice.server.ports.ProxyHeader.Incomplete;
import dev.sluice.server.ports.ProxyHeader.Own;
import dev.sluice.server.ports.ProxyHeader.Passed;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @Test
    void aLineNamesBothAddresses() {
        var line = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 1935\r\n";

        assertThat(text(line + "\3rest"))
                .isEqualTo(new Passed(line.length(), address("192.0.2.7", 56324), address("198.51.100.1", 1935)));
        assertThat(text("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n"))
                .isEqualTo(new Passed(44, address("2001:db8::7", 1), address("2001:db8::1", 65535)));
    }

    @Test
    void everyBeginningOfAHeaderMayBecomeOne() {
        var line = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 1935\r\n";
        for (int i = 0; i < line.length(); i++) {
            assertThat(text(line.substring(0, i))).as("%d bytes", i).isEqualTo(new Incomplete());
        }
        var binary = SIGNATURE + "2111000cc0000207c6336401dc04078f";
        for (int i = 0; i < binary.length(); i += 2) {
            assertThat(hex(binary.substring(0, i))).as("%d bytes", i / 2).isEqualTo(new Incomplete());
        }
    }

    @Test
    void aBinaryHeaderNamesBothAddressesAndItsExtensionsAreSkipped() {
        assertThat(hex(SIGNATURE + "2111000cc0000207c6336401dc04078f03"))
                .isEqualTo(new Passed(28, address("192.0.2.7", 56324), address("198.51.100.1", 1935)));
        assertThat(hex(SIGNATURE + "21110011c0000207c6336401dc04078f0400020102ff"))
                .isEqualTo(new Passed(33, address("192.0.2.7", 56324), address("198.51.100.1", 1935)));
        assertThat(hex(SIGNATURE + "21210024" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001"
                        + "0001ffff"))
                .isEqualTo(new Passed(52, address("2001:db8::7", 1), address("2001:db8::1", 65535)));
    }

    @Test
    void aProxyMaySpeakForItself() {
        assertThat(text("PROXY UNKNOWN\r\n")).isEqualTo(new Own(15));
        assertThat(text("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")).isEqualTo(new Own(35));
        assertThat(hex(SIGNATURE + "20000000")).isEqualTo(new Own(16));
        assertThat(hex(SIGNATURE + "21000003ffffff")).isEqualTo(new Own(19));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
                "PROXY TCP4 192.0.2.777 198.51.100.1 56324 1935\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 99999\r\n",
                "PROXY TCP4 localhost 198.51.100.1 56324 1935\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::1 1 2\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 56324 1935\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 1935\n",
                "PROXY \r\n"
            })
    void aLineThatIsNoneIsBroken(String line) {
        assertThat(text(line)).isInstanceOf(Broken.class);
    }

    @Test
    void whatIsTooLongOrMalformedIsBroken() {
        assertThat(text("PROXY TCP4 " + "1".repeat(107))).isInstanceOf(Broken.class);
        assertThat(hex(SIGNATURE + "2111ffff")).isInstanceOf(Broken.class);
        assertThat(hex(SIGNATURE + "21110004c0000207")).isInstanceOf(Broken.class);
        assertThat(hex(SIGNATURE + "2112000cc0000207c6336401dc04078f")).isInstanceOf(Broken.class);
        assertThat(hex(SIGNATURE + "1111000cc0000207c6336401dc04078f")).isInstanceOf(Broken.class);
        assertThat(hex(SIGNATURE + "22110000")).isInstanceOf(Broken.class);
    }

    @Test
    void othersAreNoHeader() {
        assertThat(text("\3abc")).isEqualTo(new Absent());
        assertThat(text("POST /")).isEqualTo(new Absent());
        assertThat(text("PROXX")).isEqualTo(new Absent());
        assertThat(hex("0d0a0d0a00ff")).isEqualTo(new Absent());
    }

    private static ProxyHeader text(String text) {
        return ProxyHeader.read(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static ProxyHeader hex(String hex) {
        return ProxyHeader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    private static InetSocketAddress address(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
