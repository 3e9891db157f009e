package dev.sluice.rtmp;

/// How much a peer may cost. Immutable; one value may serve every connection.
///
/// "Admission" is the first publish that was accepted on a connection. Until then a peer is a stranger and
/// gets [BeforeAdmission]; afterwards [Messages] and [Chunks] apply in full. A player sends nothing large,
/// so he stays a stranger; only his commands are not counted any more.
///
/// @param beforeAdmission what a stranger may make us keep
/// @param messages largest message of each kind, after admission
/// @param chunks what the chunk stream decoder may hold
/// @param rates how often a peer may make us work
/// @param amf what one AMF0 message may contain
/// @param names longest names, in bytes
/// @param streams message streams that may be open at once on a connection
/// @param calls what we may ask of the peer at once
public record RtmpLimits(
        BeforeAdmission beforeAdmission,
        Messages messages,
        Chunks chunks,
        Rates rates,
        Amf amf,
        Names names,
        int streams,
        Calls calls) {

    public static final RtmpLimits DEFAULTS = new RtmpLimits(
            BeforeAdmission.DEFAULTS,
            Messages.DEFAULTS,
            Chunks.DEFAULTS,
            Rates.DEFAULTS,
            Amf.DEFAULTS,
            Names.DEFAULTS,
            8,
            Calls.DEFAULTS);

    /// What a stranger may make us keep.
    ///
    /// @param retainedBytes bytes of unfinished messages, of the state of chunk streams, and of media that
    ///     came before the answer, in all
    /// @param messageBytes largest message of any kind
    /// @param commands commands before the first accepted publish or play
    public record BeforeAdmission(int retainedBytes, int messageBytes, int commands) {
        public static final BeforeAdmission DEFAULTS = new BeforeAdmission(16 << 10, 8 << 10, 50);
    }

    /// Largest message body, in bytes.
    ///
    /// @param videoBytes video and aggregates; the key frames of 4K cameras need megabytes
    /// @param audioBytes audio
    /// @param dataBytes metadata, cue points, captions
    /// @param commandBytes everything else
    public record Messages(int videoBytes, int audioBytes, int dataBytes, int commandBytes) {
        public static final Messages DEFAULTS = new Messages(10 << 20, 256 << 10, 256 << 10, 64 << 10);

        public int bytesOf(int messageType) {
            return switch (messageType) {
                case MessageType.VIDEO, MessageType.AGGREGATE -> videoBytes;
                case MessageType.AUDIO -> audioBytes;
                case MessageType.DATA_AMF0, MessageType.DATA_AMF3 -> dataBytes;
                default -> commandBytes;
            };
        }
    }

    /// What the chunk stream decoder may hold.
    ///
    /// @param streams chunk stream ids with state
    /// @param partialMessages messages unfinished at once
    /// @param partialBytes bytes held for unfinished messages
    /// @param smallBytes chunk sizes below this are small: each payload byte costs a header
    /// @param smallMessageBytes largest message while the chunk size is small
    /// @param headersPerSecond chunk headers per second; more than this for five seconds ends the connection
    /// @param aggregateParts parts of one aggregate message
    public record Chunks(
            int streams,
            int partialMessages,
            int partialBytes,
            int smallBytes,
            int smallMessageBytes,
            int headersPerSecond,
            int aggregateParts) {
        public static final Chunks DEFAULTS = new Chunks(64, 8, 12 << 20, 128, 64 << 10, 200_000, 1024);
    }

    /// How often a peer may make us work. Each at least 1.
    ///
    /// @param commandsPerSecond commands per second over time; more ends the connection
    /// @param commandsBurst commands at once
    /// @param acksPerSecond acknowledgements that we send; more are left out
    /// @param controlRepliesPerSecond answers to pings and the like that we send; more are left out
    /// @param controlMessagesPerSecond control messages that we read; more ends the connection
    public record Rates(
            int commandsPerSecond,
            int commandsBurst,
            int acksPerSecond,
            int controlRepliesPerSecond,
            int controlMessagesPerSecond) {
        public static final Rates DEFAULTS = new Rates(20, 50, 10, 10, 1000);
    }

    /// What one AMF0 message may contain.
    ///
    /// @param depth objects and arrays inside each other
    /// @param values values in one message, counting a reference as all that it stands for
    /// @param arrayItems items of one strict array
    /// @param properties properties of one object
    /// @param commandStringBytes one string in a command
    /// @param dataStringBytes one string in a data message
    /// @param keyBytes one property or class name
    public record Amf(
            int depth,
            int values,
            int arrayItems,
            int properties,
            int commandStringBytes,
            int dataStringBytes,
            int keyBytes) {
        public static final Amf DEFAULTS = new Amf(32, 8192, 4096, 1024, 64 << 10, 256 << 10, 256);
    }

    /// Longest parts of an address, in bytes of UTF-8.
    public record Names(int appBytes, int streamBytes, int queryBytes, int tcUrlBytes) {
        public static final Names DEFAULTS = new Names(512, 128, 4096, 8192);
    }

    /// Calls that we make and the peer answers.
    ///
    /// @param outstanding calls that may wait for an answer at once
    /// @param timeoutMs after which a call counts as not answered
    public record Calls(int outstanding, int timeoutMs) {
        public static final Calls DEFAULTS = new Calls(16, 10_000);
    }
}
