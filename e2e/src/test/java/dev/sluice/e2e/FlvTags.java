package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads an FLV file of ours. Code of its own, so that the server's is not tested with itself; it trusts the file.
final class FlvTags {
    static final int AUDIO = 8;
    static final int VIDEO = 9;
    static final int DATA = 18;

    /// @param type [#AUDIO], [#VIDEO] or [#DATA]
    record Tag(int type, long ms, byte[] body) {
        boolean isHeader() {
            return type == DATA || body[1] == 0;
        }
    }

    private FlvTags() {}

    static List<Tag> read(Path flv) {
        try {
            var in = ByteBuffer.wrap(Files.readAllBytes(flv)).position(9 + 4);
            var tags = new ArrayList<Tag>();
            while (in.remaining() > 11) {
                int typeAndLength = in.getInt();
                int time = in.getInt();
                var body = new byte[typeAndLength & 0xff_ffff];
                in.position(in.position() + 3).get(body).getInt();
                tags.add(new Tag(typeAndLength >>> 24, (time >>> 8) | (time & 0xffL) << 24, body));
            }
            return tags;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
