package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Loop;
import dev.sluice.rtmp.sharedobject.AmfBytes;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Change;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Clear;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Release;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Remove;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.RequestChange;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.RequestRemove;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.SendMessage;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Status;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Success;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.Use;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent.UseSuccess;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All shared objects of the server. One loop owns them, whatever connection a message comes from: so
/// everybody sees the changes of an object in the same order, and nothing is locked. Connections post to it
/// and get answers posted back.
///
/// A message is worked off as a whole, and makes one message for its sender and one for everybody else. What
/// a message causes is thus not much more than what it holds, times the users of the object; only [Use] is
/// answered with more, and therefore once per message.
///
/// Nothing is kept on disk. A persistent object outlives its users, as long as there is room.
final class SharedObjects {
    static final String BAD_PERSISTENCE = "SharedObject.BadPersistence";
    static final String TOO_MANY_OBJECTS = "SharedObject.Limit.Objects";
    static final String TOO_MANY_KEYS = "SharedObject.Limit.Keys";
    static final String TOO_MANY_BYTES = "SharedObject.Limit.Bytes";
    static final String NO_MEMORY = "SharedObject.Limit.Memory";
    private static final String ERROR = "error";

    /// A client. Called on the loop of the objects.
    interface User {
        String app();

        SharedObjectSettings limits();

        void deliver(SharedObjectMessage message);

        /// It went too far, and is told so by a message.
        void limitHit();

        /// It uses an object now, or no object any more.
        void sharing(boolean any);
    }

    private final Loop home;
    private final int totalMaxBytes;
    private final Map<SharedObject.Id, SharedObject> objects = new HashMap<>();
    private final Map<User, Set<SharedObject>> used = new HashMap<>();
    /// Persistent objects without a user, the longest unused first.
    private final Set<SharedObject> unused = new LinkedHashSet<>();

    private long heldBytes;

    SharedObjects(Loop home, int totalMaxBytes) {
        this.home = home;
        this.totalMaxBytes = totalMaxBytes;
    }

    /// A client said something. Any thread; of one client always the same.
    void receive(User from, SharedObjectMessage message) {
        home.run(() -> onMessage(from, message));
    }

    /// A client is gone. Like [#receive].
    void leave(User user) {
        home.run(() -> onLeave(user));
    }

    /// What all objects cost. On the loop.
    long heldBytes() {
        return heldBytes;
    }

    /// A message being worked off.
    private static final class Exchange {
        final User from;
        final SharedObject.Id id;
        final boolean persistent;
        final List<SharedObjectEvent> answer = new ArrayList<>();
        final List<SharedObjectEvent> news = new ArrayList<>();
        boolean answeredUse;
        long version;

        Exchange(User from, SharedObjectMessage message) {
            this.from = from;
            this.id = new SharedObject.Id(from.app(), message.name());
            this.persistent = message.persistent();
        }

        void toAll(SharedObjectEvent event) {
            answer.add(event);
            news.add(event);
        }

        void refuse(String code) {
            answer.add(new Status(code, ERROR));
        }

        void refuseAtLimit(String code) {
            refuse(code);
            from.limitHit();
        }
    }

    private void onMessage(User from, SharedObjectMessage message) {
        var exchange = new Exchange(from, message);
        message.events().forEach(event -> onEvent(exchange, event));
        deliver(exchange, exchange.answer, List.of(from));
        var object = objects.get(exchange.id);
        if (object != null) {
            var others = object.users().stream().filter(user -> !user.equals(from));
            deliver(exchange, exchange.news, others.toList());
        }
    }

    /// Whoever is told may leave because of it, so `to` is nobody's set of users.
    private static void deliver(Exchange exchange, List<SharedObjectEvent> events, List<User> to) {
        if (!events.isEmpty()) {
            var message = new SharedObjectMessage(exchange.id.name(), exchange.version, exchange.persistent, events);
            to.forEach(user -> user.deliver(message));
        }
    }

    private void onEvent(Exchange exchange, SharedObjectEvent event) {
        if (event instanceof Use) {
            use(exchange);
            return;
        }
        var object = objects.get(exchange.id);
        if (object == null || object.isPersistent() != exchange.persistent || !object.isUsedBy(exchange.from)) {
            return; // who does not use it has no say
        }
        switch (event) {
            case Use done -> {}
            case Release done -> release(exchange.from, object);
            case RequestChange(String key, AmfBytes value) -> change(exchange, object, key, value);
            case RequestRemove(String key) -> remove(exchange, object, key);
            case SendMessage call -> exchange.toAll(call);
            // what only servers say
            case Change no -> {}
            case Success no -> {}
            case Status no -> {}
            case Clear no -> {}
            case Remove no -> {}
            case UseSuccess no -> {}
        }
        exchange.version = object.version();
    }

    // Coming and going

    private void use(Exchange exchange) {
        if (exchange.answeredUse) {
            return;
        }
        exchange.answeredUse = true;
        var mine = used.getOrDefault(exchange.from, Set.of());
        var object = objects.get(exchange.id);
        if (object != null && object.isPersistent() != exchange.persistent) {
            exchange.refuse(BAD_PERSISTENCE);
        } else if (mine.size() >= exchange.from.limits().perConnection()
                && (object == null || !mine.contains(object))) {
            exchange.refuseAtLimit(TOO_MANY_OBJECTS);
        } else {
            var present = object == null ? new SharedObject(exchange.id, exchange.persistent) : object;
            if (object == null && !takes(present.heldBytes())) {
                exchange.refuseAtLimit(NO_MEMORY);
            } else {
                join(exchange.from, present);
                exchange.version = present.version();
                exchange.answer.addAll(present.snapshot());
            }
        }
    }

    private void join(User user, SharedObject object) {
        objects.put(object.id(), object);
        unused.remove(object);
        object.add(user);
        var mine = used.computeIfAbsent(user, any -> new HashSet<>());
        if (mine.add(object) && mine.size() == 1) {
            user.sharing(true);
        }
    }

    private void release(User user, SharedObject object) {
        var mine = used.getOrDefault(user, new HashSet<>());
        mine.remove(object);
        leave(user, object);
        if (mine.isEmpty()) {
            used.remove(user);
            user.sharing(false);
        }
    }

    private void onLeave(User user) {
        var mine = used.remove(user);
        if (mine != null) {
            mine.forEach(object -> leave(user, object));
        }
    }

    private void leave(User user, SharedObject object) {
        object.remove(user);
        if (object.isUsed()) {
            return;
        }
        if (object.isPersistent()) {
            unused.add(object);
        } else {
            forget(object);
        }
    }

    private void forget(SharedObject object) {
        objects.remove(object.id());
        unused.remove(object);
        heldBytes -= object.heldBytes();
    }

    // Changing

    /// The client has made its change already, so a refusal also says what is true.
    private void change(Exchange exchange, SharedObject object, String key, AmfBytes value) {
        var problem = problemOf(object, key, value, exchange.from.limits())
                .or(() -> takes(cost(object, key, value)) ? Optional.empty() : Optional.of(NO_MEMORY));
        if (problem.isPresent()) {
            exchange.refuseAtLimit(problem.get());
            exchange.answer.add(object.truthAbout(key));
            return;
        }
        object.put(key, value);
        exchange.answer.add(new Success(key));
        exchange.news.add(new Change(Map.of(key, value)));
    }

    private static Optional<String> problemOf(
            SharedObject object, String key, AmfBytes value, SharedObjectSettings limits) {
        int growth = object.growth(key, value);
        if (!object.has(key) && object.keys() >= limits.keys()) {
            return Optional.of(TOO_MANY_KEYS);
        }
        boolean tooLarge = growth > 0 && object.bytes() + growth > limits.bytes();
        return tooLarge ? Optional.of(TOO_MANY_BYTES) : Optional.empty();
    }

    private static int cost(SharedObject object, String key, AmfBytes value) {
        return object.growth(key, value) + (object.has(key) ? 0 : SharedObject.KEY_BYTES);
    }

    private void remove(Exchange exchange, SharedObject object, String key) {
        if (object.has(key)) {
            heldBytes -= object.heldBytes();
            object.remove(key);
            heldBytes += object.heldBytes();
            exchange.toAll(new Remove(key));
        } else {
            exchange.answer.add(new Remove(key));
        }
    }

    /// Takes memory, if need be from persistent objects that nobody uses.
    ///
    /// @param bytes negative gives memory back
    /// @return whether there was enough
    private boolean takes(long bytes) {
        while (bytes > 0 && heldBytes + bytes > totalMaxBytes && !unused.isEmpty()) {
            forget(unused.iterator().next());
        }
        boolean enough = bytes <= 0 || heldBytes + bytes <= totalMaxBytes;
        heldBytes += enough ? bytes : 0;
        return enough;
    }
}
