package dev.sluice.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;

/// A player of fragmented MP4 over a WebSocket: each binary message but the first is a fragment with one sample.
/// @spec RFC 6455
final class WebSocketDialogue implements Dialogue {
    private static final int LONGEST_HEADER_BYTES = 10;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG_FRAME = 0x8a;
    private static final int MASKED = 0x80;
    private static final int MOST_CONTROL_BYTES = 125;
    /// Fragment headers of a frame are below 200 bytes.
    private static final int FRAGMENT_HEADER_BYTES = 256;

    private static final int MOOF = 0x6d6f_6f66;
    private static final int BOX_HEADER_BYTES = 8;
    /// Length and header of the NAL unit, start of the slice header.
    private static final int VIDEO_MARK_OFFSET = 6;

    private static final int NAL_TYPE_IDR = 5;

    private final Viewing viewing;
    private final HttpAnswer answer;
    private final HeaderBytes header = new HeaderBytes(LONGEST_HEADER_BYTES);
    private final Capture message;
    private int opcode = -1;
    private ByteBuf output;

    WebSocketDialogue(URI url, Viewing viewing) {
        var key = new byte[16];
        new SplittableRandom().nextBytes(key);
        var headers = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + Base64.getEncoder().encodeToString(key) + "\r\n";
        this.viewing = viewing;
        this.message = new Capture(viewing.keptBytes() + FRAGMENT_HEADER_BYTES);
        this.answer = new HttpAnswer(101, this::readFrames);
        this.output = Unpooled.wrappedBuffer(HttpAnswer.request(url.getAuthority(), Urls.pathOf(url), headers));
    }

    /// The request is the output that waits already.
    @Override
    public void start() {}

    @Override
    public void receive(ByteBuf in, long nowNs) {
        viewing.arrived(in.readableBytes(), nowNs);
        answer.receive(in);
    }

    private void readFrames(ByteBuf in) {
        while (passFrame(in) && readFrameHeader(in)) {
            // A header was read: its payload is next.
        }
    }

    private boolean readFrameHeader(ByteBuf in) {
        if (!header.fill(in, 2)) {
            return false;
        }
        int shortLength = header.unsignedByte(1) & 0x7f;
        int bytes = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
        if (!header.fill(in, bytes)) {
            return false;
        }
        long length = switch (shortLength) {
            case 126 -> header.unsignedShort(2);
            case 127 -> header.unsignedInt(2) << 32 | header.unsignedInt(6);
            default -> shortLength;
        };
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new ViewerFailed("the server's WebSocket frame is too long");
        }
        opcode = header.unsignedByte(0) & 0xf;
        message.begin((int) length);
        header.next();
        return true;
    }

    /// False if more has to come.
    private boolean passFrame(ByteBuf in) {
        if (opcode < 0) {
            return true;
        }
        message.take(in, Integer.MAX_VALUE);
        if (!message.isComplete()) {
            return false;
        }
        message.deliver(opcode, this::onFrame);
        opcode = -1;
        return true;
    }

    private void onFrame(int kind, byte[] body, int known, int length) {
        switch (kind) {
            case BINARY -> onFragment(body, known, length);
            case CLOSE -> throw new ViewerFailed("the server closed the WebSocket: " + closeReason(body, known));
            case PING -> pong(body, Math.min(known, MOST_CONTROL_BYTES));
            default -> {}
        }
    }

    private static String closeReason(byte[] body, int known) {
        return known <= 2 ? "no reason" : new String(body, 2, known - 2, StandardCharsets.UTF_8);
    }

    /// `moof`, then `mdat` with one sample.
    private void onFragment(byte[] body, int known, int length) {
        if (known < BOX_HEADER_BYTES || intAt(body, 4) != MOOF) {
            return;
        }
        long sample = (long) intAt(body, 0) + BOX_HEADER_BYTES;
        if (sample < BOX_HEADER_BYTES || sample + Mark.BYTES + VIDEO_MARK_OFFSET > known) {
            return;
        }
        int at = (int) sample;
        boolean key = (body[at + 4] & 0x1f) == NAL_TYPE_IDR && intAt(body, at) == length - at - 4;
        viewing.onSample(body, at, at + VIDEO_MARK_OFFSET, key, known, length);
    }

    private static int intAt(byte[] body, int at) {
        return (body[at] & 0xff) << 24 | (body[at + 1] & 0xff) << 16 | (body[at + 2] & 0xff) << 8 | body[at + 3] & 0xff;
    }

    /// A mask of zeros is a mask.
    private void pong(byte[] body, int length) {
        output = Unpooled.buffer()
                .writeByte(PONG_FRAME)
                .writeByte(MASKED | length)
                .writeInt(0)
                .writeBytes(body, 0, length);
    }

    @Override
    public ByteBuf takeOutput() {
        var taken = output;
        output = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
