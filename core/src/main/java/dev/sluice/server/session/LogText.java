package dev.sluice.server.session;

/// Text from strangers, made fit for a log line: no line breaks, no escape sequences, nothing that changes the
/// reading direction, and not longer than 256 characters.
public final class LogText {
    private static final int MAX_CHARS = 256;

    private LogText() {}

    /// Safe inside double quotes: `"` and `\` are escaped too.
    public static String escape(String raw) {
        var shown = new StringBuilder();
        for (int i = 0; i < raw.length(); ) {
            int codePoint = raw.codePointAt(i);
            var piece = escape(codePoint);
            if (shown.length() + piece.length() > MAX_CHARS - 1) {
                return shown.append('…').toString();
            }
            shown.append(piece);
            i += Character.charCount(codePoint);
        }
        return shown.toString();
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> isDangerous(codePoint) ? "\\u{%x}".formatted(codePoint) : Character.toString(codePoint);
        };
    }

    /// C0, C1, bidirectional and other invisible controls, line separators, halves of pairs, what has no meaning
    /// yet.
    private static boolean isDangerous(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
