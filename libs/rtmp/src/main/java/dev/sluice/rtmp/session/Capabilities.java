package dev.sluice.rtmp.session;

import dev.sluice.rtmp.amf.AmfValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a peer says in `connect`, or in the answer to it, about Enhanced RTMP: codecs by FourCC, and features.
/// Publishers send what they like whatever was negotiated; it only decides what a player gets.
///
/// @param video FourCC, or `*` for all others, to what can be done with it: [#DECODE], [#ENCODE], [#FORWARD]
/// @param audio the same for audio
/// @param features bits of `capsEx`: [#RECONNECT], [#MULTITRACK], [#MOD_EX], [#NANOSECONDS]
/// @param videoFunction bits of `videoFunction`; 2 is HDR, 4 metadata packets
/// @spec https://veovera.org/docs/enhanced/enhanced-rtmp-v2 E-RTMP v2, Enhancing NetConnection connect Command
public record Capabilities(Map<String, Integer> video, Map<String, Integer> audio, int features, int videoFunction) {
    public static final int DECODE = 1;
    public static final int ENCODE = 2;
    public static final int FORWARD = 4;

    public static final int RECONNECT = 1;
    public static final int MULTITRACK = 2;
    public static final int MOD_EX = 4;
    public static final int NANOSECONDS = 8;

    public static final Capabilities NONE = new Capabilities(Map.of(), Map.of(), 0, 0);

    /// What this library's server answers: it carries everything and decodes nothing.
    static final Capabilities OF_SERVER = new Capabilities(
            Map.of("*", FORWARD), Map.of("*", FORWARD), RECONNECT | MULTITRACK | MOD_EX | NANOSECONDS, 0);

    /// What this library's player says: what it gets it passes on, whatever it is.
    static final Capabilities OF_PLAYER = new Capabilities(
            Map.of("*", DECODE | FORWARD),
            Map.of("*", DECODE | FORWARD),
            RECONNECT | MULTITRACK | MOD_EX | NANOSECONDS,
            0);

    private static final List<String> VIDEO_CODECS = List.of("av01", "vp09", "vp08", "hvc1", "avc1", "vvc1");
    private static final List<String> AUDIO_CODECS = List.of("ac-3", "ec-3", "Opus", ".mp3", "fLaC", "mp4a");
    private static final String ANY = "*";
    /// A peer that lists more codecs than there are is not listened to any longer.
    private static final int MAX_CODECS = 64;
    private static final int MAX_FOURCC_LENGTH = 4;

    public Capabilities {
        video = Map.copyOf(video);
        audio = Map.copyOf(audio);
    }

    /// Reads the three ways in which peers say it. `fourCcList` is of version 1: each codec in it can be received.
    static Capabilities of(AmfValue.Obj properties) {
        var video = new HashMap<String, Integer>();
        var audio = new HashMap<String, Integer>();
        if (properties.properties().get("fourCcList") instanceof AmfValue.StrictArray(List<AmfValue> codecs)) {
            for (AmfValue codec : codecs) {
                if (codec instanceof AmfValue.Str(String fourCc)) {
                    add(fourCc, DECODE, video);
                    add(fourCc, DECODE, audio);
                }
            }
        }
        addAll(properties.properties().get("videoFourCcInfoMap"), video);
        addAll(properties.properties().get("audioFourCcInfoMap"), audio);
        var said = new Capabilities(
                video,
                audio,
                bits(properties.properties().get("capsEx")),
                bits(properties.properties().get("videoFunction")));
        return said.equals(NONE) ? NONE : said; // a session keeps it
    }

    private static void addAll(@Nullable AmfValue map, Map<String, Integer> into) {
        Map<String, AmfValue> entries = switch (map) {
            case AmfValue.Obj object -> object.properties();
            case AmfValue.EcmaArray array -> array.properties();
            case null, default -> Map.of();
        };
        entries.forEach((fourCc, mask) -> add(fourCc, bits(mask), into));
    }

    private static void add(String fourCc, int mask, Map<String, Integer> into) {
        if (fourCc.length() <= MAX_FOURCC_LENGTH && into.size() < MAX_CODECS) {
            into.merge(fourCc, mask, (before, more) -> before | more);
        }
    }

    /// Numbers arrive as doubles, and may be anything.
    private static int bits(@Nullable AmfValue value) {
        return value instanceof AmfValue.Num(double number) && number >= 0 && number <= Integer.MAX_VALUE
                ? (int) number
                : 0;
    }

    /// Whether it said anything about the codecs that it can play.
    public boolean saysCodecs() {
        return anyDecodes(video) || anyDecodes(audio);
    }

    private static boolean anyDecodes(Map<String, Integer> codecs) {
        return codecs.values().stream().anyMatch(mask -> (mask & DECODE) != 0);
    }

    /// Whether it can play this codec.
    public boolean decodes(String fourCc) {
        int mask = video.getOrDefault(fourCc, 0)
                | video.getOrDefault(ANY, 0)
                | audio.getOrDefault(fourCc, 0)
                | audio.getOrDefault(ANY, 0);
        return (mask & DECODE) != 0;
    }

    /// Whether it follows a request to reconnect.
    public boolean reconnects() {
        return (features & RECONNECT) != 0;
    }

    public boolean multitrack() {
        return (features & MULTITRACK) != 0;
    }

    /// Whether it reads packets with extensions.
    public boolean modEx() {
        return (features & MOD_EX) != 0;
    }

    public boolean nanoseconds() {
        return (features & NANOSECONDS) != 0;
    }

    /// The properties that say this.
    AmfValue.Properties writeTo(AmfValue.Properties properties) {
        var list = new ArrayList<AmfValue>();
        VIDEO_CODECS.stream().filter(this::knowsVideo).forEach(codec -> list.add(AmfValue.of(codec)));
        AUDIO_CODECS.stream().filter(this::knowsAudio).forEach(codec -> list.add(AmfValue.of(codec)));
        if (!list.isEmpty()) {
            properties.put("fourCcList", new AmfValue.StrictArray(list));
        }
        putMap("videoFourCcInfoMap", video, properties);
        putMap("audioFourCcInfoMap", audio, properties);
        return features == 0 ? properties : properties.put("capsEx", features);
    }

    private boolean knowsVideo(String fourCc) {
        return video.containsKey(fourCc) || video.containsKey(ANY);
    }

    private boolean knowsAudio(String fourCc) {
        return audio.containsKey(fourCc) || audio.containsKey(ANY);
    }

    private static void putMap(String name, Map<String, Integer> codecs, AmfValue.Properties properties) {
        if (!codecs.isEmpty()) {
            var map = new LinkedHashMap<String, AmfValue>();
            codecs.forEach((fourCc, mask) -> map.put(fourCc, AmfValue.of((double) mask)));
            properties.put(name, new AmfValue.Obj("", map));
        }
    }
}
