package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.sharedobject.AmfBytes;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Change;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Clear;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Remove;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.UseSuccess;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One shared object: what is in it, and who uses it. Counts what it costs. Owned by the loop of
/// [SharedObjects].
final class SharedObject {
    /// What identifies an object.
    record Id(String app, String name) {}

    /// What it takes to keep an object, and each key of it, beside their own bytes: rather too much than too
    /// little.
    static final int OBJECT_BYTES = 512;

    static final int KEY_BYTES = 128;

    private static final long VERSIONS = 1L << 32;

    private final Id id;
    private final boolean persistent;
    private final Map<String, AmfBytes> values = new LinkedHashMap<>();
    private final Set<SharedObjects.User> users = new LinkedHashSet<>();
    private long version;
    private int bytes;

    SharedObject(Id id, boolean persistent) {
        this.id = id;
        this.persistent = persistent;
    }

    Id id() {
        return id;
    }

    boolean isPersistent() {
        return persistent;
    }

    /// Unsigned 32 bits.
    long version() {
        return version;
    }

    /// Who uses it now; a copy.
    List<SharedObjects.User> users() {
        return List.copyOf(users);
    }

    boolean isUsed() {
        return !users.isEmpty();
    }

    boolean isUsedBy(SharedObjects.User user) {
        return users.contains(user);
    }

    void add(SharedObjects.User user) {
        users.add(user);
    }

    void remove(SharedObjects.User user) {
        users.remove(user);
    }

    /// What it costs to keep it, bytes.
    long heldBytes() {
        return OBJECT_BYTES + utf8(id.app()) + utf8(id.name()) + bytes + (long) KEY_BYTES * values.size();
    }

    int keys() {
        return values.size();
    }

    /// Its keys and values, bytes.
    int bytes() {
        return bytes;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /// How many bytes it would have more with this value; negative if fewer.
    int growth(String key, AmfBytes value) {
        var before = values.get(key);
        return before == null ? utf8(key) + value.length() : value.length() - before.length();
    }

    void put(String key, AmfBytes value) {
        bytes += growth(key, value);
        values.put(key, value);
        version = (version + 1) % VERSIONS;
    }

    void remove(String key) {
        var before = values.remove(key);
        if (before != null) {
            bytes -= utf8(key) + before.length();
            version = (version + 1) % VERSIONS;
        }
    }

    /// All that a newcomer has to know.
    List<SharedObjectEvent> snapshot() {
        return values.isEmpty()
                ? List.of(new UseSuccess(), new Clear())
                : List.of(new UseSuccess(), new Clear(), new Change(values));
    }

    /// What a client has to know that believes something else of this key.
    SharedObjectEvent truthAbout(String key) {
        var value = values.get(key);
        return value == null ? new Remove(key) : new Change(Map.of(key, value));
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
