package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentNamesTest {
    record WithFlvPort(int flvPort) {}

    record WithPort(int port) {}

    @Test
    void areTheKeyInCapitals() {
        assertThat(EnvironmentNames.nameOf(KeyPath.of("http-flv", "maxViewers")))
                .isEqualTo("SLUICE_HTTP_FLV_MAX_VIEWERS");
        assertThat(EnvironmentNames.nameOf(KeyPath.of("listen"))).isEqualTo("SLUICE_LISTEN");
    }

    @Test
    void existForEveryKeyOnce() {
        var names = new HashSet<String>();
        for (var path : new KnownKeys(TestSections.ALL).leaves()) {
            assertThat(names.add(EnvironmentNames.nameOf(path))).as("%s", path).isTrue();
        }
        assertThat(names).contains("SLUICE_HTTP_TLS_CERTIFICATE_FILE", "SLUICE_APPS", "SLUICE_HTTP_FLV_LABELS");
    }

    @Test
    void mustTellKeysApart() {
        var clash = List.<Section<?>>of(
                new Section<>("http", new WithFlvPort(1), false), new Section<>("http-flv", new WithPort(1), false));
        assertThatThrownBy(() -> new ConfigLoader(clash)).hasMessageContaining("SLUICE_HTTP_FLV_PORT");
    }
}
