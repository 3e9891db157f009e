package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to get the configuration wrong says where, which key, and what to write instead.
class ConfigErrorTest {
    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                wrong("\nhttp:\n  prot: 1", "sluice.yaml:3: unknown key 'http.prot'; did you mean 'http.port'?"),
                wrong(
                        "http-flv:\n  maxviewers: 1",
                        "sluice.yaml:2: unknown key 'http-flv.maxviewers'; did you mean 'http-flv.maxViewers'?"),
                wrong("publsih: open", "sluice.yaml:1: unknown key 'publsih'; did you mean 'publish'?"),
                wrong("port: 1", "sluice.yaml:1: unknown key 'port'; did you mean 'http.port' or 'http-flv.port'?"),
                wrong(
                        "zebra: 1",
                        "sluice.yaml:1: unknown key 'zebra'; known here: listen, sharedPorts, publish, data, http, http-flv, apps"),
                wrong(
                        "http: { tls: { enable: true } }",
                        "sluice.yaml:1: unknown key 'http.tls.enable'; did you mean 'http.tls.enabled'?"),
                wrong(
                        "http:\n  port:\n    abc",
                        "sluice.yaml:3: http.port must be a number between 0 and 65535, not 'abc'"),
                wrong(
                        "http: { port: 65536 }",
                        "sluice.yaml:1: http.port must be a number between 0 and 65535, not '65536'"),
                wrong("http: { port: -1 }", "sluice.yaml:1: http.port must be a number between 0 and 65535, not '-1'"),
                wrong(
                        "http: { port: 99999999999999999999 }",
                        "sluice.yaml:1: http.port must be a number between 0 and 65535, not '99999999999999999999'"),
                wrong(
                        "http: { port: 8080.5 }",
                        "sluice.yaml:1: http.port must be a number between 0 and 65535, not '8080.5'"),
                wrong("http: { port: }", "sluice.yaml:1: http.port must be a number between 0 and 65535, not empty"),
                wrong(
                        "http: { port: [1] }",
                        "sluice.yaml:1: http.port must be a number between 0 and 65535, not a list"),
                wrong(
                        "http-flv: { maxViewers: 0 }",
                        "sluice.yaml:1: http-flv.maxViewers must be a number, 1 or more, not '0'"),
                wrong(
                        "http-flv: { maxViewers: 9999999999 }",
                        "sluice.yaml:1: http-flv.maxViewers must be a number, 1 or more, not '9999999999'"),
                wrong("http-flv: { factor: fast }", "sluice.yaml:1: http-flv.factor must be a number, not 'fast'"),
                wrong(
                        "http-flv: { shiftMs: 1e3 }",
                        "sluice.yaml:1: http-flv.shiftMs must be a whole number, not '1e3'"),
                wrong("http-flv: { enabled: yes }", "sluice.yaml:1: http-flv.enabled must be true or false, not 'yes'"),
                wrong("publish: Open", "sluice.yaml:1: publish must be open, keys or loopback, not 'Open'"),
                wrong("http: 8080", "sluice.yaml:1: http must be a map such as { name: value }, not a single value"),
                wrong(
                        "http: { hosts: a }",
                        "sluice.yaml:1: http.hosts must be a list such as [a, b], not a single value"),
                wrong("http: { hosts: [[a]] }", "sluice.yaml:1: http.hosts must be a single text, not a list"),
                wrong("data:", "sluice.yaml:1: data has no value; write '' for an empty text"),
                wrong("data: ''", "sluice.yaml:1: data must name a folder"),
                wrong(
                        "data: x\nlisten: example.com",
                        "sluice.yaml:2: listen must be an IP address such as 127.0.0.1, 0.0.0.0 or ::, not 'example.com'"),
                wrong("http-flv:\n  factor: 1\n  path: x", "sluice.yaml:3: http-flv: path must start with '/'"),
                wrong(
                        "http:\n  port: 1\n  port: 2",
                        "sluice.yaml:3: 'http.port' stands here a second time (first: sluice.yaml:2); remove one"),
                wrong(
                        "http: { port: 1\n",
                        "sluice.yaml:2: this is not YAML: while parsing a flow mapping, expected ',' or '}', but got <stream end>"),
                wrong("http:\n\tport: 1", "sluice.yaml:2: this is not YAML: indent with spaces, not with tabs"),
                wrong(
                        "listen: &a 127.0.0.1\ndata: *a",
                        "sluice.yaml:2: aliases (*name) are not supported: write it out"),
                wrong("? [a]\n: b", "sluice.yaml:1: a key must be a single word"),
                wrong("just words", "sluice.yaml:1: the file must hold keys and values, such as 'listen: 127.0.0.1'"),
                wrong("- a", "sluice.yaml:1: the file must hold keys and values, such as 'listen: 127.0.0.1'"),
                wrong("[".repeat(40) + "]".repeat(40), "sluice.yaml:1: nested deeper than 32 levels"));
    }

    static Stream<Arguments> wrongApps() {
        return Stream.of(
                wrong(
                        "\n  api: { listed: true }",
                        "sluice.yaml:2: 'apps.api' cannot be: the application name 'api' is reserved: choose another"),
                wrong(
                        "\n  '../x': { listed: true }",
                        "sluice.yaml:2: 'apps.\"../x\"' cannot be: the application may hold letters, digits and _ . ~ - only, 64 at most in a segment"),
                wrong(
                        "\n  live:\n    http: { port: 1 }",
                        "sluice.yaml:3: 'apps.live.http' cannot differ per application; set 'http' instead"),
                wrong(
                        "\n  live:\n    http-flv:\n      port: 1",
                        "sluice.yaml:4: 'apps.live.http-flv.port' cannot differ per application; set 'http-flv.port' instead"),
                wrong(
                        "\n  live:\n    lsited: true",
                        "sluice.yaml:3: unknown key 'apps.live.lsited'; did you mean 'apps.live.listed'?"),
                wrong(
                        "\n  live:\n    zebra: true",
                        "sluice.yaml:3: unknown key 'apps.live.zebra'; known here: listed, publish, keys, users, http-flv"),
                wrong(
                        "\n  live:\n    http-flv: { fator: 1 }",
                        "sluice.yaml:3: unknown key 'apps.live.http-flv.fator'; did you mean 'apps.live.http-flv.factor'?"),
                wrong(
                        "\n  live:\n    keys:\n      'a b': x",
                        "sluice.yaml:4: apps.live.keys.\"a b\": the stream name may hold letters, digits and _ . ~ = @ + : - only, 128 at most"),
                wrong(
                        "\n  live:\n    keys:\n      cam: ''",
                        "sluice.yaml:4: apps.live.keys.cam: a key must be 1 to 256 letters, digits and . _ ~ - so that it fits into a URL"),
                wrong(
                        "\n  live:\n    users:\n      'a&b': x",
                        "sluice.yaml:4: apps.live.users.\"a&b\": a user name must be 1 to 256 letters, digits and . _ ~ -"),
                wrong(
                        "\n  live:\n    users:\n      anna: ''",
                        "sluice.yaml:4: apps.live.users.anna: a user needs a password"),
                wrong(
                        "\n  live:\n    keys: [x]",
                        "sluice.yaml:3: apps.live.keys must be a map such as { name: value }, not a list"),
                wrong(
                        "\n  live: on",
                        "sluice.yaml:2: apps.live must be a map such as { name: value }, not a single value"));
    }

    private static Arguments wrong(String yaml, String message) {
        return Arguments.of(yaml, message);
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void namesLineKeyAndFix(String yaml, String message) {
        assertThatThrownBy(() -> TestSections.load(yaml))
                .isInstanceOf(ConfigError.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @MethodSource("wrongApps")
    void namesLineKeyAndFixInApplications(String yaml, String message) {
        assertThatThrownBy(() -> TestSections.load("apps:" + yaml))
                .isInstanceOf(ConfigError.class)
                .hasMessage(message);
    }

    @Test
    void refusesASecondDocument() {
        assertThatThrownBy(() -> TestSections.load("listen: 127.0.0.1\n---\nlisten: 0.0.0.0"))
                .isInstanceOf(ConfigError.class)
                .hasMessageStartingWith("sluice.yaml:2: this is not YAML");
    }

    @Test
    void neverRepeatsAKey() {
        assertThatThrownBy(() -> TestSections.load("apps: { live: { keys: { cam: 'hush hush' } } }"))
                .isInstanceOf(ConfigError.class)
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> TestSections.load("apps: { live: { keys: hush } }"))
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> new ConfigLoader(TestSections.ALL).set("--set", "apps.live.keys.cam:hush"))
                .hasMessageNotContaining("hush");
    }

    @Test
    void keepsOddBytesOutOfTheMessage() {
        assertThatThrownBy(() -> TestSections.load("http: { port: \"\\e[31m\\r\\n\\u202e\" }"))
                .hasMessage("sluice.yaml:1: http.port must be a number between 0 and 65535, not '?[31m???'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SLUICE_HTTP_PROT      | 1   | SLUICE_HTTP_PROT: unknown environment variable; did you mean SLUICE_HTTP_PORT?
                    SLUICE_XYZZY_QUX_QUUX | 1   | SLUICE_XYZZY_QUX_QUUX: unknown environment variable; unset it, or see the names in the default sluice.yaml
                    SLUICE_HTTP_PORT      | abc | SLUICE_HTTP_PORT: http.port must be a number between 0 and 65535, not 'abc'
                    SLUICE_HTTP_PORT      | ''  | SLUICE_HTTP_PORT: http.port must be a number between 0 and 65535, not ''
                    SLUICE_LISTEN         | x   | SLUICE_LISTEN: listen must be an IP address such as 127.0.0.1, 0.0.0.0 or ::, not 'x'
                    SLUICE_APPS           | {a  | SLUICE_APPS: this is not YAML: while parsing a flow mapping, expected ',' or '}', but got <stream end>
                    """)
    void namesTheEnvironmentVariable(String name, String value, String message) {
        assertThatThrownBy(() -> new ConfigLoader(TestSections.ALL)
                        .environment(Map.of(name, value))
                        .load())
                .isInstanceOf(ConfigError.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http.prot=1    | --set: unknown key 'http.prot'; did you mean 'http.port'?
                    http.port=abc  | --set: http.port must be a number between 0 and 65535, not 'abc'
                    http.port      | --set: needs the form key=value, such as http.port=8080
                    =1             | --set: needs a key before '=', such as http.port=8080
                    http..port=1   | --set: needs a key before '=', such as http.port=8080
                    listen.x=1     | --set: listen must be a single text, not a map
                    apps.api.listed=true | --set: 'apps.api' cannot be: the application name 'api' is reserved: choose another
                    """)
    void namesTheOption(String assignment, String message) {
        assertThatThrownBy(() -> new ConfigLoader(TestSections.ALL)
                        .set("--set", assignment)
                        .load())
                .isInstanceOf(ConfigError.class)
                .hasMessage(message);
    }

    @Test
    void leavesVariablesAloneThatAreNotSettings() throws Exception {
        var settings = new ConfigLoader(TestSections.ALL)
                .environment(Map.of(
                        "SLUICE_OPTS", "-Xmx1g",
                        "SLUICE_HOME", "/opt/sluice",
                        "SLUICE_LAUNCHER", "/opt/sluice/sluice",
                        "SLUICE_SERVICE_HOST", "10.0.0.1",
                        "SLUICE_SERVICE_PORT_RTMP", "1935",
                        "SLUICE_PORT", "tcp://10.0.0.1:1935",
                        "SLUICE_PORT_1935_TCP_ADDR", "10.0.0.1"))
                .load();
        assertThat(settings.server()).isEqualTo(ServerSettings.DEFAULTS);
    }

    @Test
    void countsEditsBetweenWords() {
        assertThat(Nearest.edits("port", "port")).isZero();
        assertThat(Nearest.edits("prot", "port")).isEqualTo(1);
        assertThat(Nearest.edits("", "port")).isEqualTo(4);
        assertThat(Nearest.edits("kitten", "sitting")).isEqualTo(3);
    }
}
