package dev.sluice.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The place of a setting, such as `http.port` or `apps."a.b".keys.demo`: a segment with anything but letters,
/// digits, `_`, `-` and `/` stands in double quotes.
record KeyPath(List<String> segments) {
    static final KeyPath ROOT = new KeyPath(List.of());

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/-]+");

    KeyPath {
        segments = List.copyOf(segments);
    }

    static KeyPath of(String... segments) {
        return new KeyPath(List.of(segments));
    }

    /// Reads `path=value`; the first `=` outside of quotes ends the path.
    ///
    /// Errors do not repeat the text: it may hold a key.
    static Assignment parseAssignment(Origin origin, String text) throws ConfigError {
        var segments = new ArrayList<String>();
        var segment = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '.' || c == '=')) {
                segments.add(segment.toString());
                segment.setLength(0);
                if (c == '=') {
                    return new Assignment(checked(origin, segments), text.substring(i + 1));
                }
            } else {
                segment.append(c);
            }
        }
        throw new ConfigError(origin, "needs the form key=value, such as http.port=8080");
    }

    private static KeyPath checked(Origin origin, List<String> segments) throws ConfigError {
        if (segments.stream().anyMatch(String::isEmpty)) {
            throw new ConfigError(origin, "needs a key before '=', such as http.port=8080");
        }
        return new KeyPath(segments);
    }

    KeyPath child(String segment) {
        var longer = new ArrayList<>(segments);
        longer.add(segment);
        return new KeyPath(longer);
    }

    /// This path without its first `count` segments.
    KeyPath below(int count) {
        return new KeyPath(segments.subList(count, segments.size()));
    }

    int depth() {
        return segments.size();
    }

    String last() {
        return segments.getLast();
    }

    @Override
    public String toString() {
        var shown = new StringBuilder();
        for (var segment : segments) {
            shown.append(shown.isEmpty() ? "" : ".");
            shown.append(PLAIN.matcher(segment).matches() ? segment : '"' + Quoted.plain(segment) + '"');
        }
        return shown.toString();
    }

    /// A key and the text that was assigned to it.
    record Assignment(KeyPath path, String value) {}
}
