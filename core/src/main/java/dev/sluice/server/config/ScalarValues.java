package dev.sluice.server.config;

import dev.sluice.server.config.ConfigNode.Scalar;
import dev.sluice.server.config.RecordKeys.SettingKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The text of a single value → the type of its setting.
final class ScalarValues {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    private ScalarValues() {}

    static Object of(SettingKey key, Scalar scalar, KeyPath at) throws ConfigError {
        Optional<?> value = switch (key.shape()) {
            case INT -> whole(key, scalar.text()).map(Math::toIntExact);
            case LONG -> whole(key, scalar.text());
            case DOUBLE -> decimal(key, scalar.text());
            case BOOLEAN -> truth(scalar.text());
            case ENUM -> constant(key.type(), scalar.text());
            case STRING -> Optional.of(string(scalar, at));
            case STRING_LIST, STRING_MAP, RECORD -> throw new IllegalArgumentException(key.name());
        };
        if (value.isEmpty()) {
            throw new ConfigError(scalar.origin(), at + " must be " + wanted(key) + ", not " + shown(scalar));
        }
        return value.get();
    }

    static String string(Scalar scalar, KeyPath at) throws ConfigError {
        if (scalar.missing()) {
            throw new ConfigError(scalar.origin(), at + " has no value; write '' for an empty text");
        }
        return scalar.text();
    }

    private static Optional<Long> whole(SettingKey key, String text) {
        return Optional.of(text)
                .filter(t -> WHOLE.matcher(t).matches())
                .map(Long::valueOf)
                .filter(n -> key.min() <= n && n <= key.max());
    }

    private static Optional<Double> decimal(SettingKey key, String text) {
        return Optional.of(text)
                .filter(t -> DECIMAL.matcher(t).matches())
                .map(Double::valueOf)
                .filter(n -> key.min() <= n && n <= key.max());
    }

    private static Optional<Boolean> truth(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<?> constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> word((Enum<?>) constant).equals(text))
                .findFirst();
    }

    /// An enum constant as it is written in YAML: `LOOP_BACK` is `loop-back`.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String shown(Scalar scalar) {
        return scalar.missing() ? "empty" : Quoted.text(scalar.text());
    }

    /// What a key may hold, in words.
    static String wanted(SettingKey key) {
        return switch (key.shape()) {
            case INT, LONG -> range(key, "a whole number");
            case DOUBLE -> range(key, "a number");
            case BOOLEAN -> "true or false";
            case STRING -> "a single text";
            case ENUM -> words(key.type());
            case STRING_LIST -> "a list such as [a, b]";
            case STRING_MAP, RECORD -> "a map such as { name: value }";
        };
    }

    private static String range(SettingKey key, String unbounded) {
        boolean bottom = key.min() > Integer.MIN_VALUE;
        boolean top = key.max() < Integer.MAX_VALUE;
        if (bottom && top) {
            return "a number between " + key.min() + " and " + key.max();
        }
        return bottom ? "a number, " + key.min() + " or more" : top ? "a number, " + key.max() + " or less" : unbounded;
    }

    private static String words(Class<?> type) {
        var words = Arrays.stream(type.getEnumConstants())
                .map(constant -> word((Enum<?>) constant))
                .collect(Collectors.toList());
        var last = words.removeLast();
        return words.isEmpty() ? last : String.join(", ", words) + " or " + last;
    }

    /// The same in short, for the default file: `0 to 65535`.
    static String span(SettingKey key) {
        boolean bottom = key.min() > Integer.MIN_VALUE;
        boolean top = key.max() < Integer.MAX_VALUE;
        return bottom && top ? key.min() + " to " + key.max() : wanted(key);
    }
}
