package dev.sluice.plugin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.ManualLoop;
import dev.sluice.rtmp.amf.AmfValue;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedObjectsTest {
    private static final AmfBytes ONE = AmfBytes.of(AmfValue.of(1));
    private static final AmfBytes TWO = AmfBytes.of(AmfValue.of(2));
    private static final SharedObjectSettings LIMITS = new SharedObjectSettings(true, 3, 4, 200, 1 << 20, 4_000);

    private final ManualLoop loop = new ManualLoop();
    private final SharedObjects objects = new SharedObjects(loop, LIMITS.totalMaxBytes());
    private final Client anna = new Client("live");
    private final Client bert = new Client("live");

    private static SharedObjectMessage message(String name, long version, SharedObjectEvent... events) {
        return new SharedObjectMessage(name, version, false, List.of(events));
    }

    private static RequestChange set(String key, AmfBytes value) {
        return new RequestChange(key, value);
    }

    private static Change changed(String key, AmfBytes value) {
        return new Change(Map.of(key, value));
    }

    private static AmfBytes text(int bytes) {
        return AmfBytes.of(AmfValue.of("x".repeat(bytes - 3)));
    }

    private static Status refusal(String code) {
        return new Status(code, "error");
    }

    private final class Client implements SharedObjects.User {
        private final String app;
        private final List<SharedObjectMessage> got = new ArrayList<>();
        private Runnable onDelivery = () -> {};
        private int hits;
        private boolean sharing;

        Client(String app) {
            this.app = app;
        }

        Client says(String name, SharedObjectEvent... events) {
            return says(message(name, 0, events));
        }

        Client saysPersistently(String name, SharedObjectEvent... events) {
            return says(new SharedObjectMessage(name, 0, true, List.of(events)));
        }

        private Client says(SharedObjectMessage message) {
            objects.receive(this, message);
            loop.runAll();
            return this;
        }

        void leaves() {
            objects.leave(this);
            loop.runAll();
        }

        void heard(SharedObjectMessage... messages) {
            assertThat(got).containsExactly(messages);
            got.clear();
        }

        void heardEvents(SharedObjectEvent... events) {
            assertThat(got).hasSize(1);
            assertThat(got.getFirst().events()).containsExactly(events);
            got.clear();
        }

        void heardNothing() {
            assertThat(got).isEmpty();
        }

        @Override
        public String app() {
            return app;
        }

        @Override
        public SharedObjectSettings limits() {
            return LIMITS;
        }

        @Override
        public void deliver(SharedObjectMessage message) {
            got.add(message);
            onDelivery.run();
        }

        @Override
        public void limitHit() {
            hits++;
        }

        @Override
        public void sharing(boolean any) {
            sharing = any;
        }
    }

    private void bothUse(String name) {
        for (var client : List.of(anna, bert)) {
            client.says(name, new Use());
            client.got.clear();
        }
    }

    @Test
    void aNewcomerHearsThatItUsesTheObjectAndWhatIsInIt() {
        anna.says("chat", new Use()).heard(message("chat", 0, new UseSuccess(), new Clear()));
        anna.says("chat", set("n", ONE), set("m", TWO));
        bert.says("chat", new Use());
        var all = (Change) bert.got.getFirst().events().getLast();
        assertThat(all.values()).containsExactly(Map.entry("n", ONE), Map.entry("m", TWO));
        bert.heard(message("chat", 2, new UseSuccess(), new Clear(), all));
    }

    @Test
    void aChangeIsASuccessForWhoMadeItAndAChangeForTheOthers() {
        bothUse("chat");
        anna.says("chat", set("n", ONE), set("m", TWO));
        anna.heard(message("chat", 2, new Success("n"), new Success("m")));
        bert.heard(message("chat", 2, changed("n", ONE), changed("m", TWO)));
        bert.says("chat", set("n", TWO));
        anna.heard(message("chat", 3, changed("n", TWO)));
    }

    @Test
    void whoeverRemovesAKeyEverybodyHearsIt() {
        bothUse("chat");
        anna.says("chat", set("n", ONE)).got.clear();
        bert.got.clear();
        bert.says("chat", new RequestRemove("n"));
        anna.heard(message("chat", 2, new Remove("n")));
        bert.heard(message("chat", 2, new Remove("n")));
        bert.says("chat", new RequestRemove("n"));
        anna.heardNothing();
        bert.heard(message("chat", 2, new Remove("n")));
    }

    @Test
    void aCallComesBackToItsSenderToo() {
        bothUse("chat");
        var call = new SendMessage(AmfBytes.of(AmfValue.of("say"), AmfValue.of("hello")));
        anna.says("chat", call);
        anna.heard(message("chat", 0, call));
        bert.heard(message("chat", 0, call));
    }

    @Test
    void whoReleasedAnObjectOrLeftHearsNoMoreOfIt() {
        var carl = new Client("live");
        bothUse("chat");
        carl.says("chat", new Use()).got.clear();
        bert.says("chat", new Release());
        carl.leaves();
        anna.says("chat", set("n", ONE)).heardEvents(new Success("n"));
        bert.heardNothing();
        carl.heardNothing();
    }

    @Test
    void whoDoesNotUseAnObjectHasNoSayInIt() {
        anna.says("chat", new Use()).got.clear();
        bert.says("chat", set("n", ONE), new RequestRemove("n"), new SendMessage(ONE), new Release());
        anna.heardNothing();
        bert.heardNothing();
        bert.says("chat", new Use()).heardEvents(new UseSuccess(), new Clear());
    }

    @Test
    void whatOnlyServersSayIsNotListenedTo() {
        bothUse("chat");
        anna.says("chat", changed("n", ONE), new Success("n"), new Clear(), new Remove("n"), new UseSuccess());
        anna.says("chat", refusal("x"));
        anna.heardNothing();
        bert.heardNothing();
    }

    @Test
    void applicationsHaveObjectsOfTheirOwn() {
        var elsewhere = new Client("other");
        bothUse("chat");
        anna.says("chat", set("n", ONE));
        elsewhere.says("chat", new Use()).heardEvents(new UseSuccess(), new Clear());
    }

    @Test
    void anObjectEndsWithItsLastUser() {
        bothUse("chat");
        anna.says("chat", set("n", ONE));
        anna.leaves();
        bert.got.clear();
        bert.says("chat", new Use()).heardEvents(new UseSuccess(), new Clear(), changed("n", ONE));
        bert.says("chat", new Release());
        assertThat(objects.heldBytes()).isZero();
        bert.says("chat", new Use()).heard(message("chat", 0, new UseSuccess(), new Clear()));
    }

    @Test
    void aPersistentObjectOutlivesItsUsers() {
        anna.saysPersistently("board", new Use(), set("n", ONE)).leaves();
        bert.saysPersistently("board", new Use())
                .heard(new SharedObjectMessage(
                        "board", 1, true, List.of(new UseSuccess(), new Clear(), changed("n", ONE))));
    }

    @Test
    void anObjectIsOfOneKindOnly() {
        anna.saysPersistently("board", new Use()).got.clear();
        bert.says("board", new Use(), set("n", ONE)).heardEvents(refusal("SharedObject.BadPersistence"));
        anna.heardNothing();
    }

    /// A few bytes that ask again and again for all there is.
    @Test
    void aMessageIsAnsweredWithAllThatIsThereOnceAtMost() {
        bothUse("chat");
        anna.says("chat", set("n", ONE)).got.clear();
        anna.says("chat", new Use(), new Use(), new Release(), new Use())
                .heardEvents(new UseSuccess(), new Clear(), changed("n", ONE));
    }

    @Test
    void saysWhetherAClientUsesAnything() {
        anna.says("a", new Use()).says("b", new Use());
        assertThat(anna.sharing).isTrue();
        anna.says("a", new Release());
        assertThat(anna.sharing).isTrue();
        anna.says("b", new Release());
        assertThat(anna.sharing).isFalse();
    }

    @Test
    void aConnectionUsesSoManyObjectsAndNoMore() {
        anna.says("a", new Use()).says("b", new Use()).says("c", new Use()).got.clear();
        anna.says("d", new Use()).heardEvents(refusal("SharedObject.Limit.Objects"));
        assertThat(anna.hits).isEqualTo(1);
        anna.says("c", new Use()).heardEvents(new UseSuccess(), new Clear());
        anna.says("c", new Release()).says("d", new Use()).heardEvents(new UseSuccess(), new Clear());
    }

    /// The client has made its change already, so it hears what is true.
    @Test
    void anObjectHasSoManyKeysAndNoMore() {
        bothUse("chat");
        anna.says("chat", set("a", ONE), set("b", ONE), set("c", ONE), set("d", ONE))
                .got
                .clear();
        bert.got.clear();
        anna.says("chat", set("e", ONE), set("a", TWO))
                .heardEvents(refusal("SharedObject.Limit.Keys"), new Remove("e"), new Success("a"));
        bert.heardEvents(changed("a", TWO));
        assertThat(anna.hits).isEqualTo(1);
    }

    @Test
    void anObjectHasSoManyBytesAndNoMore() {
        bothUse("chat");
        anna.says("chat", set("a", text(99)), set("b", text(99))).heardEvents(new Success("a"), new Success("b"));
        bert.got.clear();
        anna.says("chat", set("a", text(100))).heardEvents(refusal("SharedObject.Limit.Bytes"), changed("a", text(99)));
        bert.heardNothing();
        anna.says("chat", new RequestRemove("b"), set("a", text(100))).heardEvents(new Remove("b"), new Success("a"));
        assertThat(anna.hits).isEqualTo(1);
    }

    @Test
    void allObjectsTogetherTakeNoMoreThanTheyMay() {
        var users = new ArrayList<Client>();
        for (int i = 0; i < 20; i++) {
            var user = new Client("live");
            users.add(user.says("object" + i, new Use()));
            assertThat(objects.heldBytes()).isLessThanOrEqualTo(4_000);
        }
        assertThat(users.getLast().got.getFirst().events()).containsExactly(refusal("SharedObject.Limit.Memory"));
        assertThat(users.getFirst()
                        .says("object0", set("n", text(150)))
                        .got
                        .getLast()
                        .events())
                .containsExactly(new Success("n"));
        assertThat(users.get(1)
                        .says("object1", set("n", text(150)))
                        .got
                        .getLast()
                        .events())
                .containsExactly(refusal("SharedObject.Limit.Memory"), new Remove("n"));
        users.forEach(Client::leaves);
        assertThat(objects.heldBytes()).isZero();
    }

    @Test
    void persistentObjectsThatNobodyUsesMakeRoomTheLongestUnusedFirst() {
        for (int i = 0; i < 7; i++) {
            anna.saysPersistently("object" + i, new Use(), set("n", ONE), new Release());
        }
        anna.got.clear();
        anna.saysPersistently("object6", new Use()).heardEvents(new UseSuccess(), new Clear(), changed("n", ONE));
        bert.saysPersistently("object0", new Use()).heardEvents(new UseSuccess(), new Clear());
    }

    @Test
    void whoLeavesBecauseOfAMessageDoesNotDisturbTheOthers() {
        var carl = new Client("live");
        bothUse("chat");
        carl.says("chat", new Use()).got.clear();
        anna.onDelivery = () -> objects.leave(anna);
        bert.onDelivery = () -> objects.leave(bert);
        anna.says("chat", set("n", ONE));
        anna.heardEvents(new Success("n"));
        bert.heardEvents(changed("n", ONE));
        carl.heardEvents(changed("n", ONE));
        anna.says("chat", set("n", TWO)).heardNothing();
    }

    @Test
    void countsWhatItHoldsExactlyThroughAllChanges() {
        anna.says("chat", new Use());
        long empty = objects.heldBytes();
        anna.says("chat", set("n", text(20)), set("n", text(50)), set("n", ONE), set("m", ONE));
        assertThat(objects.heldBytes()).isEqualTo(empty + 2 * (SharedObject.KEY_BYTES + 1 + ONE.length()));
        anna.says("chat", new RequestRemove("n"), new RequestRemove("m"), new RequestRemove("m"));
        assertThat(objects.heldBytes()).isEqualTo(empty);
        anna.leaves();
        assertThat(objects.heldBytes()).isZero();
    }
}
