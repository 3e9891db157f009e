package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One fuzz target for each form in which settings come: settings, or a sentence that fits a line. Without
/// `JAZZER_FUZZ=1` they only run their seeds.
class ConfigFuzzTest {
    private static final Origin OPTION = new Origin("--set");

    @FuzzTest(maxDuration = "10m")
    void yamlText(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        read(() -> {
            YamlText.read(text, line -> new Origin("sluice.yaml:" + line));
            assertPortInRange(TestSections.load(text));
        });
    }

    @FuzzTest(maxDuration = "10m")
    void assignment(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        read(() -> assertThat(KeyPath.parseAssignment(OPTION, text).path().segments())
                .isNotEmpty()
                .doesNotContain(""));
        read(() -> assertPortInRange(
                new ConfigLoader(TestSections.ALL).set("--set", text).load()));
        read(() -> assertPortInRange(new ConfigLoader(TestSections.ALL)
                .environment(Map.of("SLUICE_HTTP_PORT", text))
                .load()));
    }

    /// Only literals: anything else would ask the network.
    @FuzzTest(maxDuration = "10m")
    void listenAddress(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertThat(ListenAddress.parse(text).getAddress().length).isIn(4, 16);
        } catch (IllegalArgumentException refused) {
            assertOneLine("" + refused.getMessage());
        }
    }

    /// The same for a port with an address.
    @FuzzTest(maxDuration = "10m")
    void sharedPort(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        try {
            var address = SharedPort.parse(text, InetAddress.getLoopbackAddress());
            assertThat(address.isUnresolved()).isFalse();
            assertThat(address.getPort()).isBetween(0, 65_535);
        } catch (IllegalArgumentException refused) {
            assertOneLine("" + refused.getMessage());
        }
    }

    private interface Reading {
        void run() throws ConfigError;
    }

    private static void read(Reading reading) {
        try {
            reading.run();
        } catch (ConfigError refused) {
            assertOneLine("" + refused.getMessage());
        }
    }

    private static void assertPortInRange(Settings settings) {
        assertThat(TestSections.http(settings).port()).isBetween(0, 65_535);
    }

    private static void assertOneLine(String message) {
        assertThat(message).isNotBlank();
        assertThat(message.chars().noneMatch(Character::isISOControl))
                .as(message)
                .isTrue();
    }
}
