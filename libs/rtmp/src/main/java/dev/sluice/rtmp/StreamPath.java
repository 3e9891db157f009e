package dev.sluice.rtmp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The one name of a stream, whatever way a client cut its URL into application, `tcUrl` and stream name.
///
/// Clients split `/a/b/c/d?x=1` in half a dozen ways. Here the parts are joined again, every `?…` becomes one
/// query, and our own rule applies: the last segment is the stream, all before it is the application. The stream
/// name's query wins over the application's, which wins over the `tcUrl`'s.
///
/// A key in the query is a secret, so [#toString()] shows the public part only.
///
/// @param app application, segments joined by `/`, percent-decoded once
/// @param name stream name, percent-decoded once; empty if the URL had none
/// @param query parameters in the order in which they came, percent-decoded once; `+` stays `+`
/// @param rawApp the application exactly as the client sent it
/// @param rawName the stream name exactly as the client sent it
public record StreamPath(String app, String name, Map<String, String> query, String rawApp, String rawName) {
    private static final Pattern APP_SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.~-]{0,63}");
    private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.~=@+:-]{0,127}");
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\\..*)?", Pattern.CASE_INSENSITIVE);
    private static final int MAX_APP_SEGMENTS = 8;

    private static final Set<String> FILE_PREFIXES = Set.of("mp4:", "flv:", "mp3:");

    public StreamPath {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /// Joins what `connect` and `publish` or `play` said.
    public static StreamPath of(String tcUrl, String app, String name) {
        Map<String, String> query = new LinkedHashMap<>();
        cutQuery(unquote(tcUrl), query);
        String appPath = cutQuery(unquote(app), query);
        String namePath = cutQuery(unquote(name), query);
        List<String> segments = segments(percentDecode(appPath) + "/" + withoutPrefix(percentDecode(namePath)));
        // A single segment is the application: a URL without a stream must not name one.
        String stream = segments.size() < 2 ? "" : withoutFileEnding(segments.removeLast(), namePath);
        return new StreamPath(String.join("/", segments), stream, query, app, name);
    }

    /// Quotes and blanks around a value are an encoder's mistake (Neko sends its `tcUrl` in single quotes).
    public static String unquote(String value) {
        String text = value.strip();
        while (text.length() >= 2 && isQuote(text.charAt(0)) && text.charAt(text.length() - 1) == text.charAt(0)) {
            text = text.substring(1, text.length() - 1).strip();
        }
        return text;
    }

    /// Why this name cannot be used, as a sentence that is safe to send back; empty if it can.
    public Optional<String> problem() {
        return problem(RtmpLimits.Names.DEFAULTS);
    }

    /// Like [#problem()], with lengths of your own.
    public Optional<String> problem(RtmpLimits.Names limits) {
        if (name.isEmpty()) {
            return Optional.of("The URL names no stream: expected rtmp://host/application/stream.");
        }
        if (app.isEmpty()) {
            return Optional.of("The URL names no application: expected rtmp://host/application/stream.");
        }
        if (isTooLong(limits)) {
            return Optional.of("The application, the stream name or the query of the URL is too long.");
        }
        return grammarProblem();
    }

    /// Whether a part is longer than allowed.
    public boolean isTooLong(RtmpLimits.Names limits) {
        return utf8Bytes(app) > limits.appBytes()
                || utf8Bytes(name) > limits.streamBytes()
                || queryBytes() > limits.queryBytes();
    }

    private Optional<String> grammarProblem() {
        String[] segments = app.split("/", -1);
        if (segments.length > MAX_APP_SEGMENTS) {
            return Optional.of("The application has more than " + MAX_APP_SEGMENTS + " segments.");
        }
        for (String segment : segments) {
            if (!allowed(segment, APP_SEGMENT)) {
                return Optional.of(
                        "The application may hold letters, digits and _ . ~ - only, 64 at most in a segment.");
            }
        }
        return allowed(name, STREAM_NAME)
                ? Optional.empty()
                : Optional.of("The stream name may hold letters, digits and _ . ~ = @ + : - only.");
    }

    private static boolean allowed(String segment, Pattern grammar) {
        return grammar.matcher(segment).matches()
                && !segment.contains("..")
                && !WINDOWS_DEVICE.matcher(segment).matches();
    }

    private int queryBytes() {
        int bytes = 0;
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            bytes += utf8Bytes(parameter.getKey()) + utf8Bytes(parameter.getValue()) + 2;
        }
        return bytes;
    }

    /// Puts the parameters of every `?…` into `query`, later ones winning, and answers what stood before the
    /// first.
    private static String cutQuery(String text, Map<String, String> query) {
        int mark = text.indexOf('?');
        if (mark < 0) {
            return text;
        }
        for (String parameter : text.substring(mark + 1).split("[?&;]", -1)) {
            int equals = parameter.indexOf('=');
            String key = percentDecode(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!key.isEmpty()) {
                query.put(key, equals < 0 ? "" : percentDecode(parameter.substring(equals + 1)));
            }
        }
        return text.substring(0, mark);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            // Wowza's default instance; Flash players append it. Empty segments are doubled slashes.
            if (!segment.isEmpty() && !segment.equals("_definst_")) {
                segments.add(segment);
            }
        }
        return segments;
    }

    private static String withoutPrefix(String name) {
        String prefix = name.substring(0, Math.min(4, name.length())).toLowerCase(Locale.ROOT);
        return FILE_PREFIXES.contains(prefix) ? name.substring(4) : name;
    }

    /// Players append `.flv`; those that write `mp4:` differ in whether `.mp4` stays, so it goes too.
    private static String withoutFileEnding(String name, String rawName) {
        if (endsWith(name, ".flv")) {
            return name.substring(0, name.length() - 4);
        }
        boolean asFile = rawName.regionMatches(true, 0, "mp4:", 0, 4);
        return asFile && (endsWith(name, ".mp4") || endsWith(name, ".f4v"))
                ? name.substring(0, name.length() - 4)
                : name;
    }

    private static boolean endsWith(String name, String ending) {
        return name.length() > ending.length()
                && name.regionMatches(true, name.length() - ending.length(), ending, 0, ending.length());
    }

    /// Decodes each valid `%XX` once. Others stay, and fail the grammar later.
    private static String percentDecode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            out[length++] = low < 0 ? in[i] : (byte) (high << 4 | low);
            i += low < 0 ? 0 : 2;
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private static int utf8Bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Without the query and the raw forms: they may hold a key.
    @Override
    public String toString() {
        return app + "/" + name;
    }
}
