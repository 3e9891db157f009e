package dev.sluice.rtmp.session;

import static dev.sluice.rtmp.Hex.bytes;
import static dev.sluice.rtmp.Hex.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.Hex;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.session.ServerSession.Phase;
import dev.sluice.rtmp.sharedobject.SharedObjectEvent;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedObjectSessionTest {
    private final ServerSession session = new ServerSession();
    private final List<ServerEvent> events = new ArrayList<>();
    private long nowNs;

    private void give(byte[]... parts) {
        session.receive(Unpooled.wrappedBuffer(join(parts)), nowNs, event -> {
            events.add(event);
            if (event instanceof ServerEvent.Asked question) {
                session.accept(question.id());
            }
        });
    }

    private void connected() {
        give(Wire.handshake(), Wire.connect("live"), Wire.createStream(4));
        session.takeOutput();
        events.clear();
    }

    private <E extends ServerEvent> E only(Class<E> type) {
        var found = events.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static final String USE_CHAT = "0004 63686174 00000001 00000000 00000000 01 00000000";

    private static byte[] sharedObject(String hex) {
        return Wire.message(MessageType.SHARED_OBJECT_AMF0, 0, bytes(hex));
    }

    /// Many players of old say something about shared objects, and much of what could be said is no such
    /// message.
    @Test
    void whereNobodySharesObjectsTheirMessagesMeanNothingWhateverIsInThem() {
        connected();
        for (int i = 0; i < 60; i++) {
            give(sharedObject(USE_CHAT), sharedObject("ffff"));
        }
        assertThat(events).isEmpty();
        assertThat(session.phase()).isEqualTo(Phase.IDLE);
    }

    @Test
    void sharedObjectsAreHeardOfOnceTheClientHasConnectedAndNotBefore() {
        session.shareObjects();
        give(Wire.handshake(), sharedObject(USE_CHAT), Wire.connect("live"));
        assertThat(events).hasExactlyElementsOfTypes(ServerEvent.ConnectAsked.class);
        give(sharedObject(USE_CHAT), Wire.message(MessageType.SHARED_OBJECT_AMF3, 0, bytes("00" + USE_CHAT)));
        var use = new ServerEvent.SharedObject(
                new SharedObjectMessage("chat", 1, false, List.of(new SharedObjectEvent.Use())));
        assertThat(events.subList(1, events.size())).containsExactly(use, use);
    }

    @Test
    void tellsAClientOfASharedObjectOnTheChunkStreamOfTheConnection() {
        var message = new SharedObjectMessage("chat", 1, false, List.of(new SharedObjectEvent.Use()));
        session.sendSharedObject(message);
        assertThat(session.takeOutput().isReadable()).isFalse();
        connected();
        session.sendSharedObject(message);
        assertThat(Hex.of(session.takeOutput())).isEqualTo(Hex.of(bytes("03 000000 000017 13 00000000", USE_CHAT)));
    }

    @Test
    void messagesAboutSharedObjectsCountAsCommandsButNeedNoAdmission() {
        connected();
        session.shareObjects();
        for (int i = 0; i < 200; i++) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(50);
            give(sharedObject(USE_CHAT));
        }
        assertThat(events).hasSize(200).hasOnlyElementsOfType(ServerEvent.SharedObject.class);
        for (int i = 0; i < 60; i++) {
            give(sharedObject(USE_CHAT));
        }
        assertThat(only(ServerEvent.LimitHit.class).limit()).isEqualTo(Limit.COMMAND_RATE);
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }

    @Test
    void aBrokenMessageAboutASharedObjectCostsTheConnectionOfItsSender() {
        connected();
        session.shareObjects();
        give(sharedObject("ffff"));
        assertThat(only(ServerEvent.Ended.class).cause()).isEqualTo(EndCause.LIMIT);
    }
}
