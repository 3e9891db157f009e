package dev.sluice.server.config;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The keys of a settings record, by reflection. A record that uses a type which settings do not know is a
/// programming error and fails with IllegalArgumentException when the loader is made.
final class RecordKeys {
    private RecordKeys() {}

    /// What a setting holds.
    enum Shape {
        INT,
        LONG,
        DOUBLE,
        BOOLEAN,
        STRING,
        ENUM,
        STRING_LIST,
        STRING_MAP,
        RECORD
    }

    /// One component of a settings record.
    ///
    /// @param min smallest number it may hold, for numbers
    /// @param max largest number it may hold, for numbers
    record SettingKey(String name, Class<?> type, Shape shape, long min, long max, String doc, boolean serverWide) {}

    static List<SettingKey> of(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(RecordKeys::key).toList();
    }

    static String docOf(AnnotatedElement element) {
        var doc = element.getAnnotation(Doc.class);
        return doc == null ? "" : doc.value();
    }

    private static SettingKey key(RecordComponent component) {
        var shape = shape(component.getGenericType());
        var range = component.getAnnotation(Range.class);
        long least = shape == Shape.INT ? Integer.MIN_VALUE : Long.MIN_VALUE;
        long most = shape == Shape.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
        return new SettingKey(
                component.getName(),
                component.getType(),
                shape,
                range == null ? least : Math.max(least, range.min()),
                range == null ? most : Math.min(most, range.max()),
                docOf(component),
                component.isAnnotationPresent(ServerWide.class));
    }

    private static Shape shape(Type type) {
        return switch (type) {
            case Class<?> plain when plain == int.class -> Shape.INT;
            case Class<?> plain when plain == long.class -> Shape.LONG;
            case Class<?> plain when plain == double.class -> Shape.DOUBLE;
            case Class<?> plain when plain == boolean.class -> Shape.BOOLEAN;
            case Class<?> plain when plain == String.class -> Shape.STRING;
            case Class<?> plain when plain.isEnum() -> Shape.ENUM;
            case Class<?> plain when plain.isRecord() -> Shape.RECORD;
            case ParameterizedType list when isOf(list, List.class, String.class) -> Shape.STRING_LIST;
            case ParameterizedType map when isOf(map, Map.class, String.class, String.class) -> Shape.STRING_MAP;
            default -> throw new IllegalArgumentException("a settings record cannot hold " + type.getTypeName());
        };
    }

    private static boolean isOf(ParameterizedType type, Class<?> raw, Type... arguments) {
        return type.getRawType() == raw && Arrays.equals(type.getActualTypeArguments(), arguments);
    }

    /// The value of a component. Settings records may be private to their plugin.
    static Object value(Record record, String name) {
        try {
            var accessor = record.getClass().getDeclaredMethod(name);
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot read " + name + " of " + record.getClass(), e);
        }
    }

    /// Calls the canonical constructor.
    ///
    /// @throws IllegalArgumentException what its compact constructor threw
    static <R extends Record> R construct(Class<R> type, Object... values) {
        try {
            var types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }
}
