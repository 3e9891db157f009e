package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.rtmp.RtmpLimits;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RtmpSettingsTest {
    /// Settings whose names say where the library's do not: what they are called there.
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("strangerMaxBytes", "beforeAdmission.retainedBytes"),
            Map.entry("strangerMessageMaxBytes", "beforeAdmission.messageBytes"),
            Map.entry("strangerCommands", "beforeAdmission.commands"),
            Map.entry("commandMaxBytes", "messages.commandBytes"),
            Map.entry("chunkStreams", "chunks.streams"),
            Map.entry("partialMessages", "chunks.partialMessages"),
            Map.entry("partialMaxBytes", "chunks.partialBytes"),
            Map.entry("smallChunkBytes", "chunks.smallBytes"),
            Map.entry("smallChunkMessageMaxBytes", "chunks.smallMessageBytes"),
            Map.entry("chunkHeadersPerSecond", "chunks.headersPerSecond"),
            Map.entry("aggregateParts", "chunks.aggregateParts"),
            Map.entry("streams", "streams"));

    @Test
    void theDefaultsAreThoseOfTheLibrary() {
        assertThat(RtmpSettings.DEFAULTS.rtmpLimits()).isEqualTo(RtmpLimits.DEFAULTS);
    }

    @Test
    void everySettingReachesTheLimitOfItsName() throws Exception {
        var components = RtmpLimitSettings.class.getRecordComponents();
        var values =
                IntStream.range(0, components.length).mapToObj(i -> 1_000 + i).toArray();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var settings = RtmpLimitSettings.class.getDeclaredConstructor(types).newInstance(values);

        var limits = flat("", settings.with(7, 8, 9));
        limits.keySet().removeIf(name -> name.startsWith("calls.")); // the server calls nobody

        assertThat(limits)
                .containsEntry("messages.videoBytes", 7)
                .containsEntry("messages.audioBytes", 8)
                .containsEntry("messages.dataBytes", 9)
                .hasSize(components.length + 3);
        for (int i = 0; i < components.length; i++) {
            assertThat(limits).containsEntry(nameInTheLibrary(components[i].getName()), 1_000 + i);
        }
    }

    @Test
    void clientsAreSentToAnAddressOrNowhere() throws Exception {
        assertThat(redirectedTo("rtmp://other.example/live").redirect()).isEqualTo("rtmp://other.example/live");
        assertThatThrownBy(() -> redirectedTo("elsewhere"))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .cause()
                .hasMessage("redirect must be the address of an application, such as rtmp://other.example/live");
    }

    private static RtmpSettings redirectedTo(String address) throws Exception {
        var components = RtmpSettings.class.getRecordComponents();
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean redirect = components[i].getName().equals("redirect");
            values[i] = redirect ? address : components[i].getAccessor().invoke(RtmpSettings.DEFAULTS);
        }
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return RtmpSettings.class.getDeclaredConstructor(types).newInstance(values);
    }

    /// `amfKeyMaxBytes` is `amf.keyBytes`, `appMaxBytes` is `names.appBytes`, `acksPerSecond` is
    /// `rates.acksPerSecond`.
    private static String nameInTheLibrary(String setting) {
        var other = OTHER_NAMES.get(setting);
        if (other != null) {
            return other;
        }
        var plain = setting.replace("MaxBytes", "Bytes");
        if (plain.startsWith("amf")) {
            return "amf." + plain.substring(3, 4).toLowerCase(Locale.ROOT) + plain.substring(4);
        }
        return (plain.endsWith("Bytes") ? "names." : "rates.") + plain;
    }

    private static Map<String, Integer> flat(String prefix, Record record) throws Exception {
        var found = new TreeMap<String, Integer>();
        for (var component : record.getClass().getRecordComponents()) {
            var name = prefix.isEmpty() ? component.getName() : prefix + "." + component.getName();
            switch (component.getAccessor().invoke(record)) {
                case Integer number -> found.put(name, number);
                case Record inner -> found.putAll(flat(name, inner));
                case Object unknown -> throw new AssertionError(name + " is " + unknown);
            }
        }
        return found;
    }
}
