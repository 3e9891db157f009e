package dev.sluice.hub;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Identifies a live stream, and is public: it appears in play URLs, pages and logs. A key never does.
///
/// @param app one to eight segments joined by `/`
/// @param name one segment
public record StreamName(String app, String name) {
    private static final Pattern APP_SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.~-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.~=@+:-]{0,127}");
    /// Names become file names one day, on every system.
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?", Pattern.CASE_INSENSITIVE);

    private static final int MAX_APP_SEGMENTS = 8;

    /// First path segments that fixed HTTP paths use, now or later.
    private static final Set<String> RESERVED_APPS =
            Set.of("api", "console", "metrics", "health", "stat", "control", "fcs", "open", "send", "idle", "close");

    /// Why this pair cannot name a stream, as a sentence for the client; empty when it can.
    public static Optional<String> problem(String app, String name) {
        if (name.isEmpty()) {
            return Optional.of("the stream name is empty: put it after the application, as in live/mystream");
        }
        if (app.isEmpty()) {
            return Optional.of("the application is missing: use a URL such as rtmp://host/live");
        }
        var segments = app.split("/", -1);
        if (segments.length > MAX_APP_SEGMENTS) {
            return Optional.of("the application has more than " + MAX_APP_SEGMENTS + " segments");
        }
        for (var segment : segments) {
            if (!allowed(segment, APP_SEGMENT)) {
                return Optional.of(
                        "the application may hold letters, digits and _ . ~ - only, 64 at most in a segment");
            }
        }
        if (RESERVED_APPS.contains(segments[0])) {
            return Optional.of("the application name '" + segments[0] + "' is reserved: choose another");
        }
        if (!allowed(name, NAME)) {
            return Optional.of("the stream name may hold letters, digits and _ . ~ = @ + : - only, 128 at most");
        }
        return Optional.empty();
    }

    private static boolean allowed(String part, Pattern grammar) {
        return grammar.matcher(part).matches()
                && !part.contains("..")
                && !WINDOWS_DEVICE.matcher(part).matches();
    }

    public StreamName {
        problem(app, name).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    @Override
    public String toString() {
        return app + "/" + name;
    }
}
