package dev.sluice.rtmp.session;

import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.rtmp.amf.Amf0;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.chunk.ChunkDecoder;
import dev.sluice.rtmp.chunk.ChunkEncoder;
import dev.sluice.rtmp.chunk.RawMessage;
import dev.sluice.rtmp.message.MessageReader;
import dev.sluice.rtmp.message.RtmpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client that a test writes by hand, message by message, and a reader of what the server answers.
final class Wire {
    private final ChunkDecoder decoder = new ChunkDecoder(RtmpLimits.DEFAULTS);
    private boolean handshaken;

    Wire() {
        decoder.admit();
    }

    static byte[] handshake() {
        byte[] bytes = new byte[1 + 1536 + 1536];
        bytes[0] = 3;
        return bytes;
    }

    static byte[] message(int type, int msid, byte[] body) {
        ByteBuf out = Unpooled.buffer();
        ChunkEncoder.writeType0(out, 3, 0, type, msid, Unpooled.wrappedBuffer(body), 128);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] command(int msid, String name, double transactionId, AmfValue... values) {
        AmfValue[] all = new AmfValue[values.length + 2];
        all[0] = AmfValue.of(name);
        all[1] = AmfValue.of(transactionId);
        System.arraycopy(values, 0, all, 2, values.length);
        return message(MessageType.COMMAND_AMF0, msid, Amf0.encode(all));
    }

    static byte[] connect(String app) {
        AmfValue properties = AmfValue.properties()
                .put("app", app)
                .put("tcUrl", "rtmp://h/" + app)
                .put("flashVer", "test")
                .object();
        return command(0, "connect", 1, properties);
    }

    static byte[] createStream(double transactionId) {
        return command(0, "createStream", transactionId, AmfValue.NULL);
    }

    static byte[] publish(int msid, String name) {
        return command(msid, "publish", 5, AmfValue.NULL, AmfValue.of(name), AmfValue.of("live"));
    }

    static byte[] play(int msid, String name) {
        return command(msid, "play", 4, AmfValue.NULL, AmfValue.of(name), AmfValue.of(-2000));
    }

    /// What the server has said since the last call, as messages, with the message stream of each.
    List<Said> said(ByteBuf output) {
        if (!handshaken && output.isReadable()) {
            output.skipBytes(1 + 1536 + 1536);
            handshaken = true;
        }
        List<Said> said = new ArrayList<>();
        MessageReader reader = new MessageReader(RtmpLimits.DEFAULTS);
        for (Optional<RawMessage> raw = decoder.next(output); raw.isPresent(); raw = decoder.next(output)) {
            said.add(new Said(raw.get().csid(), raw.get().msid(), reader.read(raw.get())));
        }
        return said;
    }

    /// @param csid chunk stream it came on
    /// @param msid message stream it came on
    record Said(int csid, int msid, RtmpMessage message) {
        /// Short form for assertions: the name of a command with its transaction id and code.
        String shown() {
            return switch (message) {
                case RtmpMessage.Command command ->
                    "%s %.0f on %d/%d%s"
                            .formatted(command.name(), command.transactionId(), csid, msid, detail(command));
                case RtmpMessage other -> other.toString();
            };
        }

        private static String detail(RtmpMessage.Command command) {
            return switch (command.argument(0)) {
                case AmfValue.Obj info ->
                    " " + info.string("code").orElse("") + " "
                            + info.string("level").orElse("");
                case AmfValue.Num(double value) -> " %.0f".formatted(value);
                default -> "";
            };
        }
    }
}
