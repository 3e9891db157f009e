package dev.sluice.rtmp.sharedobject;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What happens to a shared object. Some events only clients send, some only servers; see each.
public sealed interface SharedObjectEvent {
    /// Client: wants to see the object from now on.
    record Use() implements SharedObjectEvent {}

    /// Client: does not want to see it any more.
    record Release() implements SharedObjectEvent {}

    /// Client: wants a key to have this value.
    ///
    /// @param value exactly one value
    record RequestChange(String key, AmfBytes value) implements SharedObjectEvent {}

    /// Server: keys have these values now.
    ///
    /// @param values in order, exactly one value each
    record Change(Map<String, AmfBytes> values) implements SharedObjectEvent {
        public Change {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /// Server: the client's own change of this key was made.
    record Success(String key) implements SharedObjectEvent {}

    /// Both: a call to everybody who uses the object.
    ///
    /// @param values name of the method, then its arguments
    record SendMessage(AmfBytes values) implements SharedObjectEvent {}

    /// Server: something for the client's program to see.
    ///
    /// @param level `status`, `warning` or `error`
    record Status(String code, String level) implements SharedObjectEvent {}

    /// Server: the client forgets all keys it has.
    record Clear() implements SharedObjectEvent {}

    /// Server: a key is gone.
    record Remove(String key) implements SharedObjectEvent {}

    /// Client: wants a key to go.
    record RequestRemove(String key) implements SharedObjectEvent {}

    /// Server: the client uses the object now.
    record UseSuccess() implements SharedObjectEvent {}
}
