package dev.sluice.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A path with parameters, such as `/{app}/{name}.flv`. `{app}` stands alone in its segment and matches one to
/// eight of them; any other parameter matches one segment or the part of one. At most one parameter in a segment,
/// one `{app}`.
final class PathPattern {
    private static final String APP = "app";
    private static final int MAX_APP_SEGMENTS = 8;
    private static final Pattern PART = Pattern.compile("([^{}]*)(?:\\{([A-Za-z]+)})?([^{}]*)");

    private final String text;
    private final List<Part> parts;
    private final int appAt;

    /// A segment: fixed text when `parameter` is empty.
    private record Part(String before, String parameter, String after) {
        boolean isApp() {
            return parameter.equals(APP);
        }

        boolean matches(String segment) {
            return parameter.isEmpty()
                    ? segment.equals(before)
                    : segment.length() > before.length() + after.length()
                            && segment.startsWith(before)
                            && segment.endsWith(after);
        }

        String valueIn(String segment) {
            return segment.substring(before.length(), segment.length() - after.length());
        }
    }

    PathPattern(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path pattern starts with '/': " + text);
        }
        this.text = text;
        this.parts = text.equals("/") ? List.of() : parse(text);
        this.appAt = indexOfApp(parts, text);
    }

    private static List<Part> parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (var segment : text.substring(1).split("/", -1)) {
            var match = PART.matcher(segment);
            if (segment.isEmpty() || !match.matches()) {
                throw new IllegalArgumentException("not a path pattern: " + text);
            }
            var parameter = match.group(2) == null ? "" : match.group(2);
            var part = new Part(match.group(1), parameter, match.group(3));
            if (part.isApp() && !segment.equals("{app}")) {
                throw new IllegalArgumentException("{app} has to stand alone in its segment: " + text);
            }
            parts.add(part);
        }
        return List.copyOf(parts);
    }

    private static int indexOfApp(List<Part> parts, String text) {
        int found = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isApp()) {
                if (found >= 0) {
                    throw new IllegalArgumentException("more than one {app}: " + text);
                }
                found = i;
            }
        }
        return found;
    }

    /// How many characters are fixed, slashes too: of two patterns that match, the one with more is meant.
    int fixedLength() {
        return parts.stream()
                .mapToInt(part -> 1 + part.before().length() + part.after().length())
                .sum();
    }

    /// How many parameters it has: among equals in [#fixedLength()], fewer is more specific.
    int parameterCount() {
        return (int) parts.stream().filter(part -> !part.parameter().isEmpty()).count();
    }

    /// The values of the parameters, if the segments of a path match.
    Optional<Map<String, String>> match(List<String> segments) {
        int appSegments = appAt < 0 ? 0 : segments.size() - parts.size() + 1;
        if (appAt < 0 ? segments.size() != parts.size() : appSegments < 1 || appSegments > MAX_APP_SEGMENTS) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0, at = 0; i < parts.size(); i++) {
            if (i == appAt) {
                var app = segments.subList(at, at + appSegments);
                if (app.contains("")) {
                    return Optional.empty();
                }
                values.put(APP, String.join("/", app));
                at += appSegments;
                continue;
            }
            var part = parts.get(i);
            var segment = segments.get(at++);
            if (!part.matches(segment)) {
                return Optional.empty();
            }
            if (!part.parameter().isEmpty()) {
                values.put(part.parameter(), part.valueIn(segment));
            }
        }
        return Optional.of(values);
    }

    @Override
    public String toString() {
        return text;
    }
}
