package dev.sluice.server.config;

/// Text from outside, made fit for one line of an error message.
final class Quoted {
    private static final int MAX_CHARS = 80;

    private Quoted() {}

    /// In single quotes.
    static String text(String raw) {
        return "'" + plain(raw) + "'";
    }

    static String plain(String raw) {
        var shown = new StringBuilder();
        raw.codePoints().limit(MAX_CHARS).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '?'));
        return raw.codePointCount(0, raw.length()) > MAX_CHARS ? shown + "…" : shown.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
