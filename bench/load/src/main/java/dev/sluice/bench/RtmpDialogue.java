package dev.sluice.bench;

import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import dev.sluice.rtmp.session.ClientEvent;
import dev.sluice.rtmp.session.ClientRequest;
import dev.sluice.rtmp.session.ClientSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/// An RTMP player that begins as a real client and, once it plays, only walks over what comes. Both read from the
/// first byte on, so nothing is handed over between them.
final class RtmpDialogue implements Dialogue {
    /// S0, S1 and S2. @spec RTMP 1.0 §5.2
    private static final int HANDSHAKE_BYTES = 1 + 1_536 + 1_536;

    private static final int PIECE_BYTES = 512;
    private static final int CONTROL_CSID = 2;
    private static final int CONTROL_CHUNK_BYTES = 128;
    private static final int PING_REQUEST = 6;
    private static final int PING_RESPONSE = 7;
    private static final long SMALLEST_WINDOW_BYTES = 32 << 10;

    private final Viewing viewing;
    private final ChunkWalker walker;
    /// Empty once it plays.
    private Optional<ClientSession> session;

    private ByteBuf output = Unpooled.EMPTY_BUFFER;
    private int handshakeLeft = HANDSHAKE_BYTES;
    private final Window window = new Window();

    /// What has to be acknowledged. @spec RTMP 1.0 §5.4.3
    private static final class Window {
        long bytes = 2_500_000;
        long received;
        long acknowledged;
    }

    RtmpDialogue(ClientRequest request, Viewing viewing) {
        this.viewing = viewing;
        this.walker = new ChunkWalker(viewing.keptBytes(), this::onMessage);
        this.session = Optional.of(new ClientSession(request, RtmpLimits.DEFAULTS));
    }

    @Override
    public void start() {
        session.ifPresent(ClientSession::start);
    }

    @Override
    public void receive(ByteBuf in, long nowNs) {
        viewing.arrived(in.readableBytes(), nowNs);
        window.received += in.readableBytes();
        open(in.duplicate(), nowNs);
        int handshake = Math.min(handshakeLeft, in.readableBytes());
        in.skipBytes(handshake);
        handshakeLeft -= handshake;
        walker.walk(in);
        if (session.isPresent() && viewing.isLive()) {
            leaveToWalker();
        }
        if (session.isEmpty() && window.received - window.acknowledged >= window.bytes / 2) {
            window.acknowledged = window.received;
            say(MessageType.ACKNOWLEDGEMENT, Unpooled.buffer(4).writeInt((int) window.received));
        }
    }

    /// In small pieces, so that the session ends before the media that a server sends right behind its answer: many
    /// viewers that join at once would keep the load busy with decoding.
    private void open(ByteBuf in, long nowNs) {
        while (session.isPresent() && in.isReadable()) {
            var opening = session.get();
            opening.receive(in.readSlice(Math.min(PIECE_BYTES, in.readableBytes())), nowNs, this::onEvent);
            if (opening.phase() == ClientSession.Phase.PLAYING) {
                leaveToWalker();
            }
        }
    }

    private void leaveToWalker() {
        output = session.map(ClientSession::takeOutput).orElse(Unpooled.EMPTY_BUFFER);
        session = Optional.empty();
    }

    private void onEvent(ClientEvent event) {
        if (event instanceof ClientEvent.Ended(var cause, var reason)) {
            throw new ViewerFailed(reason);
        }
    }

    private void onMessage(int type, byte[] body, int known, int length) {
        viewing.onMessage(type, body, known, length);
        if (type == MessageType.WINDOW_ACK_SIZE && known >= 4) {
            window.bytes =
                    Math.max(SMALLEST_WINDOW_BYTES, Unpooled.wrappedBuffer(body).readUnsignedInt());
        }
        boolean ping = type == MessageType.USER_CONTROL && known >= 6 && body[0] == 0 && body[1] == PING_REQUEST;
        if (ping && session.isEmpty()) {
            say(
                    MessageType.USER_CONTROL,
                    Unpooled.buffer(6).writeShort(PING_RESPONSE).writeBytes(body, 2, 4));
        }
    }

    private void say(int type, ByteBuf body) {
        if (!output.isReadable()) {
            output = Unpooled.buffer();
        }
        ChunkEncoder.writeType0(output, CONTROL_CSID, 0, type, 0, body, CONTROL_CHUNK_BYTES);
    }

    @Override
    public ByteBuf takeOutput() {
        var taken = session.isPresent() ? session.get().takeOutput() : output;
        output = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
