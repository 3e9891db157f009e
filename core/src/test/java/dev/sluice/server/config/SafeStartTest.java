package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeStartTest {
    private static void check(String yaml) throws ConfigError {
        SafeStart.check(TestSections.load(yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "listen: localhost", "listen: '::1'", "listen: 127.8.8.8", "publish: keys", "publish: open"})
    void letsEverythingStartOnLoopback(String yaml) {
        assertThatCode(() -> check(yaml)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "'::'", "192.0.2.1", "'2001:db8::1'"})
    void refusesToListenWiderUntilSomebodySaidWhoMayPublish(String address) {
        assertThatThrownBy(() -> check("listen: " + address))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining(address.replace("'", ""))
                .hasMessageContaining("publish: keys")
                .hasMessageContaining("publish: open")
                .hasMessageContaining("--set publish=open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:443", "[::]:443"})
    void aSharedPortCanBeOpenToOthersToo(String port) {
        assertThatThrownBy(() -> check("sharedPorts: [ '443', '" + port + "' ]"))
                .isInstanceOf(ConfigError.class)
                .hasMessageStartingWith("listening on " + port);
        assertThatCode(() -> check("sharedPorts: [ '443', 'localhost:80', '[::1]:0' ]"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "65536", "example.com:443", "::1:443", "[::1", "1.2.3:99999"})
    void aSharedPortIsANumberWithOrWithoutAnAddress(String port) {
        assertThatThrownBy(() -> check("sharedPorts: [ '" + port + "' ]"))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("sharedPorts must hold ports such as 443, 192.0.2.1:443 or [::]:443");
    }

    @Test
    void takesAPolicyOfOneApplicationForThatApplicationOnly() {
        assertThatThrownBy(() -> check("listen: 0.0.0.0\napps: { live: { publish: open } }"))
                .isInstanceOf(ConfigError.class);
    }

    @Test
    void startsWiderWithKeysOrTheWordOpen() {
        assertThatCode(() -> check("listen: 0.0.0.0\npublish: open")).doesNotThrowAnyException();
        assertThatCode(() -> check("listen: 0.0.0.0\npublish: keys\napps: { live: { keys: { cam: abc } } }"))
                .doesNotThrowAnyException();
        assertThatCode(() -> check("listen: 0.0.0.0\npublish: keys\napps: { live: { users: { anna: abc } } }"))
                .doesNotThrowAnyException();
        assertThatCode(() -> check("listen: 0.0.0.0\npublish: keys\napps: { live: { publish: open } }"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesKeysWithoutAnyKey() {
        assertThatThrownBy(() -> check("listen: 0.0.0.0\npublish: keys\napps: { live: { listed: true } }"))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("there is no key")
                .hasMessageContaining("--set apps.live.keys.mystream=SECRET");
    }

    @Test
    void recommendsWhatThenWorks() {
        var written = "publish: keys\napps: { live: { keys: { mystream: SECRET } } }";
        assertThatCode(() -> check("listen: 0.0.0.0\n" + written)).doesNotThrowAnyException();
        assertThatCode(() -> SafeStart.check(new ConfigLoader(TestSections.ALL)
                        .yaml("sluice.yaml", "listen: 0.0.0.0\npublish: keys")
                        .set("--set", "apps.live.keys.mystream=SECRET")
                        .load()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check("listen: 0.0.0.0"))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
    }

    @Test
    void refusesKeysThatNobodyIsAskedFor() {
        assertThatThrownBy(() -> check("apps: { live: { keys: { cam: SECRET } } }"))
                .isInstanceOf(ConfigError.class)
                .hasMessageContaining("apps.live has keys")
                .hasMessageContaining("publish: keys")
                .hasMessageNotContaining("SECRET");
        assertThatCode(() -> check("apps: { live: { publish: keys, keys: { cam: SECRET } } }"))
                .doesNotThrowAnyException();
    }
}
