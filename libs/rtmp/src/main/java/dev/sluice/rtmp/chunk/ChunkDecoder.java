package dev.sluice.rtmp.chunk;

import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.MessageType;
import dev.sluice.rtmp.RtmpException;
import dev.sluice.rtmp.RtmpLimits;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of one direction of a connection into messages. Works on any split of the input, keeps no
/// reference to it, and holds no more bytes than have arrived (twice as many while a message grows), whatever
/// lengths are declared.
///
/// Three things are easy to get wrong:
///
/// - **Extended timestamps on type 3 chunks.** The 2012 specification repeats the four bytes, the older
///   text and several encoders leave them out, and nothing on the wire says which. The first type 3 chunk
///   that could carry them decides for the whole connection: the bytes equal the field or they are payload.
/// - **Type 3 right after type 0** adds the absolute timestamp as delta by the letter; some writers mean
///   zero. The letter wins, unless it would jump more than a minute away from another chunk stream of the
///   same message stream.
/// - **A new header inside an unfinished message** ends the connection. Filling the old buffer by the new
///   length is how other implementations were broken into.
///
/// Set Chunk Size and Abort take effect here, between chunks, and are delivered as well. One owner thread.
/// @spec RTMP 1.0 §5.3
public final class ChunkDecoder {
    private static final int EXTENDED = 0xffffff;
    private static final int MAX_CHUNK_BYTES = 0xffffff;
    private static final int JUMP_MS = 60_000;
    private static final int CONTROL_BYTES = 4;
    /// What the state of one chunk stream costs on the heap, with its place in the table: rounded up.
    private static final int STREAM_BYTES = 160;
    /// Most players use two or three.
    private static final int FIRST_STREAMS = 2;

    private enum Step {
        BASIC_HEADER,
        MESSAGE_HEADER,
        EXTENDED_FIELD,
        /// Is there a repeated extended field? Not decided yet.
        REPEAT_UNKNOWN,
        REPEATED_FIELD,
        PAYLOAD
    }

    private enum Repeats {
        UNKNOWN,
        PRESENT,
        ABSENT
    }

    private final RtmpLimits limits;
    private final ChunkInput input = new ChunkInput();
    private final Budget budget = new Budget();
    private final Streams streams = new Streams();

    private Step step = Step.BASIC_HEADER;
    private Repeats repeats = Repeats.UNKNOWN;
    private ChunkStream current = new ChunkStream(0);
    private int format;
    private int chunkBytes = 128;
    private int chunkRemaining;

    /// What is held and what was done, for the limits.
    private static final class Budget {
        boolean admitted;
        int partialMessages;
        int heldBytes;
        long headers;
    }

    /// The chunk streams that were used, in the order of their ids, so that many are no harm either. A map would double
    /// what a player's decoder costs.
    private static final class Streams {
        private ChunkStream[] used = new ChunkStream[FIRST_STREAMS];
        private int count;

        @Nullable
        ChunkStream get(int csid) {
            int at = placeOf(csid);
            return at < count && used[at].header.csid == csid ? used[at] : null;
        }

        /// One that is not there yet.
        void add(ChunkStream stream) {
            if (count == used.length) {
                used = Arrays.copyOf(used, 2 * count);
            }
            int at = placeOf(stream.header.csid);
            System.arraycopy(used, at, used, at + 1, count - at);
            used[at] = stream;
            count++;
        }

        /// Where it is, or would be.
        private int placeOf(int csid) {
            int from = 0;
            int to = count;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (used[middle].header.csid < csid) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }

    public ChunkDecoder(RtmpLimits limits) {
        this.limits = limits;
    }

    /// From now on the peer may send what an admitted one may.
    public void admit() {
        budget.admitted = true;
    }

    /// Chunk headers read so far, for a rate limit.
    public long headersRead() {
        return budget.headers;
    }

    /// Bytes held: for unfinished messages, as allocated, and for the state of chunk streams.
    public int heldBytes() {
        return budget.heldBytes;
    }

    /// Reads on until a message is complete or `in` is empty.
    ///
    /// @return the message; empty if more bytes are needed
    /// @throws RtmpException if the bytes are wrong or too many; the decoder is of no use afterwards
    public Optional<RawMessage> next(ByteBuf in) {
        while (advance(in)) {
            if (step == Step.BASIC_HEADER && current.isComplete()) {
                return Optional.of(finish());
            }
        }
        return Optional.empty();
    }

    /// One step. False: `in` is too short for it.
    private boolean advance(ByteBuf in) {
        return switch (step) {
            case BASIC_HEADER -> readBasicHeader(in);
            case MESSAGE_HEADER -> readMessageHeader(in);
            case EXTENDED_FIELD -> readExtendedField(in);
            case REPEAT_UNKNOWN -> decideRepeats(in);
            case REPEATED_FIELD -> readRepeatedField(in);
            case PAYLOAD -> readPayload(in);
        };
    }

    private boolean readBasicHeader(ByteBuf in) {
        if (!input.fill(in, 1)) {
            return false;
        }
        int low = input.unsignedByte(0) & 0x3f;
        if (!input.fill(in, low == 0 ? 2 : low == 1 ? 3 : 1)) {
            return false;
        }
        format = input.unsignedByte(0) >>> 6;
        int csid = switch (low) {
            case 0 -> 64 + input.unsignedByte(1);
            case 1 -> 64 + input.unsignedByte(1) + 256 * input.unsignedByte(2);
            default -> low;
        };
        input.next();
        budget.headers++;
        current = stream(csid);
        if (current.isOpen() && format != 3) {
            throw RtmpException.protocol("Chunk stream %d begins a message inside another one.", csid);
        }
        step = format < 3 ? Step.MESSAGE_HEADER : afterType3Header();
        return true;
    }

    private ChunkStream stream(int csid) {
        ChunkStream known = current.header.csid == csid ? current : streams.get(csid);
        if (known != null) {
            return known;
        }
        // Type 1 is how librtmp begins its control stream; types 2 and 3 would inherit a length from nowhere.
        if (format > 1) {
            throw RtmpException.protocol("Chunk stream %d begins with a type %d header.", csid, format);
        }
        if (streams.count >= limits.chunks().streams()) {
            throw RtmpException.limit(
                    Limit.CHUNK_STREAMS,
                    "More than %d chunk streams.",
                    limits.chunks().streams());
        }
        hold(STREAM_BYTES);
        ChunkStream created = new ChunkStream(csid);
        streams.add(created);
        return created;
    }

    private Step afterType3Header() {
        if (current.header.extended) {
            return switch (repeats) {
                case UNKNOWN -> Step.REPEAT_UNKNOWN;
                case PRESENT -> Step.REPEATED_FIELD;
                case ABSENT -> beginPayload();
            };
        }
        return beginPayload();
    }

    private boolean readMessageHeader(ByteBuf in) {
        int bytes = format == 0 ? 11 : format == 1 ? 7 : 3;
        if (!input.fill(in, bytes)) {
            return false;
        }
        ChunkStream.Header header = current.header;
        int time = input.unsignedMedium(0);
        if (format <= 1) {
            header.length = input.unsignedMedium(3);
            header.type = input.unsignedByte(6);
        }
        if (format == 0) {
            header.msid = input.fourBytesLittleEndian(7);
        }
        input.next();
        header.extended = time == EXTENDED;
        if (header.extended) {
            step = Step.EXTENDED_FIELD;
        } else {
            header.deltaMs = time;
            step = beginPayload();
        }
        return true;
    }

    private boolean readExtendedField(ByteBuf in) {
        if (!input.fill(in, 4)) {
            return false;
        }
        current.header.extendedValue = input.fourBytes(0);
        current.header.deltaMs = current.header.extendedValue;
        input.next();
        step = beginPayload();
        return true;
    }

    /// Waits for no byte that a sender of either convention might not send: payload first, then the rest of
    /// four bytes.
    private boolean decideRepeats(ByteBuf in) {
        int value = current.header.extendedValue;
        int sure = Math.min(4, Math.min(chunkBytes, bytesToCome()));
        if (!input.fill(in, sure)) {
            return false;
        }
        if (input.matches(value, sure)) {
            if (!input.fill(in, 4)) {
                return false;
            }
            repeats = input.matches(value, 4) ? Repeats.PRESENT : Repeats.ABSENT;
        } else {
            repeats = Repeats.ABSENT;
        }
        if (repeats == Repeats.PRESENT) {
            input.next();
        } else {
            input.giveBack();
        }
        step = beginPayload();
        return true;
    }

    private boolean readRepeatedField(ByteBuf in) {
        if (!input.fill(in, 4)) {
            return false;
        }
        input.next();
        step = beginPayload();
        return true;
    }

    private int bytesToCome() {
        return current.isOpen() ? current.remaining() : current.header.length;
    }

    /// The header is complete: starts a message, or goes on with one.
    private Step beginPayload() {
        if (!current.isOpen()) {
            beginMessage();
        }
        chunkRemaining = Math.min(chunkBytes, current.remaining());
        return chunkRemaining == 0 ? Step.BASIC_HEADER : Step.PAYLOAD;
    }

    private void beginMessage() {
        ChunkStream.Header header = current.header;
        switch (format) {
            case 0 -> header.timestampMs = header.deltaMs;
            case 3 -> header.timestampMs += type3Delta(header);
            default -> header.timestampMs += header.deltaMs;
        }
        header.absolute = format == 0 || (format == 3 && header.absolute);
        int most = budget.admitted
                ? limits.messages().bytesOf(header.type)
                : limits.beforeAdmission().messageBytes();
        if (header.length > most) {
            throw RtmpException.limit(
                    Limit.MESSAGE_BYTES, "A message of %d bytes where %d are allowed.", header.length, most);
        }
        checkChunkSize(header.length);
        current.open();
    }

    /// See the class comment: a sender that means zero keeps its chunk streams close together.
    private int type3Delta(ChunkStream.Header header) {
        boolean jumps = header.absolute && Integer.compareUnsigned(header.deltaMs, JUMP_MS) > 0;
        return jumps && hasNeighbourNear(header) ? 0 : header.deltaMs;
    }

    private boolean hasNeighbourNear(ChunkStream.Header header) {
        for (int i = 0; i < streams.count; i++) {
            ChunkStream other = streams.used[i];
            boolean sameStream = other != current && other.header.msid == header.msid;
            if (sameStream && Math.abs(other.header.timestampMs - header.timestampMs) < JUMP_MS) {
                return true;
            }
        }
        return false;
    }

    private void checkChunkSize(int messageBytes) {
        if (chunkBytes < limits.chunks().smallBytes()
                && messageBytes > limits.chunks().smallMessageBytes()) {
            throw RtmpException.limit(
                    Limit.SMALL_CHUNKS, "A message of %d bytes in chunks of %d.", messageBytes, chunkBytes);
        }
    }

    private boolean readPayload(ByteBuf in) {
        while (chunkRemaining > 0 && input.isReadable(in)) {
            if (input.hasGivenBack()) {
                hold(current.growthFor(1));
                current.append(input.takeGivenBack());
                chunkRemaining--;
            } else {
                int bytes = Math.min(chunkRemaining, in.readableBytes());
                hold(current.growthFor(bytes));
                current.append(in, bytes);
                chunkRemaining -= bytes;
            }
        }
        if (chunkRemaining > 0) {
            return false;
        }
        step = Step.BASIC_HEADER;
        countPartial();
        return true;
    }

    private void hold(int growth) {
        int most = budget.admitted
                ? limits.chunks().partialBytes()
                : limits.beforeAdmission().retainedBytes();
        if (budget.heldBytes + growth > most) {
            throw RtmpException.limit(
                    Limit.PARTIAL_BYTES, "More than %d bytes in unfinished messages and chunk streams.", most);
        }
        budget.heldBytes += growth;
    }

    /// Called after each chunk: a message counts as partial from the end of its first chunk on.
    private void countPartial() {
        if (!current.isComplete() && !current.isPartial()) {
            current.markPartial();
            budget.partialMessages++;
            if (budget.partialMessages > limits.chunks().partialMessages()) {
                throw RtmpException.limit(
                        Limit.PARTIAL_MESSAGES,
                        "More than %d unfinished messages.",
                        limits.chunks().partialMessages());
            }
        }
    }

    private RawMessage finish() {
        forget(current);
        RawMessage message = current.take();
        switch (message.type()) {
            case MessageType.SET_CHUNK_SIZE -> setChunkSize(firstFourBytes(message));
            case MessageType.ABORT -> abort(firstFourBytes(message));
            default -> {}
        }
        return message;
    }

    private void forget(ChunkStream stream) {
        budget.heldBytes -= stream.heldBytes();
        budget.partialMessages -= stream.isPartial() ? 1 : 0;
    }

    private static int firstFourBytes(RawMessage message) {
        byte[] body = message.body();
        if (body.length < CONTROL_BYTES) {
            throw RtmpException.protocol("A control message of %d bytes.", body.length);
        }
        return (body[0] & 0xff) << 24 | (body[1] & 0xff) << 16 | (body[2] & 0xff) << 8 | (body[3] & 0xff);
    }

    /// Sizes of 128 MiB are real traffic: no chunk is longer than a message, and nothing is allocated from
    /// the size.
    private void setChunkSize(int bytes) {
        if (bytes <= 0) {
            throw RtmpException.protocol("A chunk size of %d bytes.", Integer.toUnsignedLong(bytes));
        }
        chunkBytes = Math.min(bytes, MAX_CHUNK_BYTES);
        for (int i = 0; i < streams.count; i++) {
            if (streams.used[i].isOpen()) {
                checkChunkSize(streams.used[i].header.length);
            }
        }
    }

    private void abort(int csid) {
        ChunkStream stream = streams.get(csid);
        if (stream != null && stream.isOpen()) {
            forget(stream);
            stream.drop();
        }
    }
}
