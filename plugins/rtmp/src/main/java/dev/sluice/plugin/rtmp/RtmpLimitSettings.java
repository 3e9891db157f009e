package dev.sluice.plugin.rtmp;

import dev.sluice.rtmp.RtmpLimits;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// What one RTMP connection may cost. The defaults are those of the library: see [RtmpLimits] for what each
/// means.
///
/// @param strangerMaxBytes what a connection that does not publish may make us keep, bytes
/// @param strangerMessageMaxBytes largest message of such a connection, bytes
/// @param strangerCommands commands before the first accepted publish or play
/// @param commandMaxBytes largest message that is neither video, audio nor data, bytes
/// @param chunkStreams chunk stream ids with state
/// @param partialMessages messages that may be unfinished at once
/// @param partialMaxBytes bytes of unfinished messages of a publisher
/// @param smallChunkBytes chunks smaller than this are small
/// @param smallChunkMessageMaxBytes largest message in small chunks, bytes
/// @param chunkHeadersPerSecond chunk headers per second; more for five seconds ends the connection
/// @param aggregateParts messages in one aggregate message
/// @param streams message streams open at once on one connection
/// @param commandsPerSecond commands per second over time; more ends the connection
/// @param commandsBurst how many commands may come at once
/// @param acksPerSecond acknowledgements sent per second; more are left out
/// @param controlRepliesPerSecond answers to pings and the like per second; more are left out
/// @param controlMessagesPerSecond control messages read per second; more ends the connection
/// @param amfDepth objects and arrays inside each other in one AMF message
/// @param amfValues values in one AMF message
/// @param amfArrayItems items of one AMF array
/// @param amfProperties properties of one AMF object
/// @param amfCommandStringMaxBytes bytes of one string in a command
/// @param amfDataStringMaxBytes bytes of one string in a data message
/// @param amfKeyMaxBytes bytes of one property name
/// @param appMaxBytes bytes of an application name
/// @param streamMaxBytes bytes of a stream name
/// @param queryMaxBytes bytes of the query behind a name
/// @param tcUrlMaxBytes bytes of the address in a connect
public record RtmpLimitSettings(
        @Doc(
                "What a connection that does not publish may make the server keep, in bytes: unfinished messages and what came before an answer.")
        @Range(min = 2048, max = 1 << 20)
        int strangerMaxBytes,

        @Doc("Largest message of such a connection.") @Range(min = 1024, max = 1 << 20)
        int strangerMessageMaxBytes,

        @Doc("Commands before the first accepted publish or play.") @Range(min = 5, max = 1_000_000)
        int strangerCommands,

        @Doc("Largest message that is neither video, audio nor data.") @Range(min = 1024, max = 16_777_215)
        int commandMaxBytes,

        @Doc("Chunk stream ids with state.") @Range(min = 3, max = 65_600)
        int chunkStreams,

        @Doc("Messages that may be unfinished at once.") @Range(min = 2, max = 65_600)
        int partialMessages,

        @Doc("Bytes of unfinished messages of a publisher.") @Range(min = 65_536, max = 1 << 30)
        int partialMaxBytes,

        @Doc("Chunks smaller than this are small: each byte of theirs costs a header.") @Range(min = 1, max = 65_536)
        int smallChunkBytes,

        @Doc("Largest message in small chunks.") @Range(min = 1024, max = 16_777_215)
        int smallChunkMessageMaxBytes,

        @Doc("Chunk headers per second; more for five seconds ends the connection.")
        @Range(min = 1000, max = 1_000_000_000)
        int chunkHeadersPerSecond,

        @Doc("Messages in one aggregate message.") @Range(min = 1, max = 1_000_000)
        int aggregateParts,

        @Doc("Message streams open at once on one connection. One more is refused.") @Range(min = 1, max = 1000)
        int streams,

        @Doc("Commands per second over time; more ends the connection.") @Range(min = 1, max = 1_000_000)
        int commandsPerSecond,

        @Doc("How many commands may come at once.") @Range(min = 5, max = 1_000_000)
        int commandsBurst,

        @Doc("Acknowledgements sent per second; more are left out.") @Range(min = 1, max = 1000)
        int acksPerSecond,

        @Doc("Answers to pings and the like per second; more are left out.") @Range(min = 1, max = 1000)
        int controlRepliesPerSecond,

        @Doc("Control messages read per second; more ends the connection.") @Range(min = 10, max = 1_000_000)
        int controlMessagesPerSecond,

        @Doc("Objects and arrays inside each other in one AMF message.") @Range(min = 4, max = 1000)
        int amfDepth,

        @Doc("Values in one AMF message.") @Range(min = 64, max = 1_000_000)
        int amfValues,

        @Doc("Items of one AMF array.") @Range(min = 16, max = 1_000_000)
        int amfArrayItems,

        @Doc("Properties of one AMF object.") @Range(min = 16, max = 1_000_000)
        int amfProperties,

        @Doc("Bytes of one string in a command.") @Range(min = 1024, max = 16_777_215)
        int amfCommandStringMaxBytes,

        @Doc("Bytes of one string in a data message.") @Range(min = 1024, max = 16_777_215)
        int amfDataStringMaxBytes,

        @Doc("Bytes of one property name.") @Range(min = 16, max = 16_384)
        int amfKeyMaxBytes,

        @Doc("Bytes of an application name.") @Range(min = 1, max = 65_535)
        int appMaxBytes,

        @Doc("Bytes of a stream name.") @Range(min = 1, max = 65_535)
        int streamMaxBytes,

        @Doc("Bytes of the query behind a name.") @Range(min = 1, max = 65_535)
        int queryMaxBytes,

        @Doc("Bytes of the address in a connect.") @Range(min = 64, max = 65_535)
        int tcUrlMaxBytes) {
    public static final RtmpLimitSettings DEFAULTS = of(RtmpLimits.DEFAULTS);

    private static RtmpLimitSettings of(RtmpLimits defaults) {
        var before = defaults.beforeAdmission();
        var messages = defaults.messages();
        var chunks = defaults.chunks();
        var rates = defaults.rates();
        var amf = defaults.amf();
        var names = defaults.names();
        return new RtmpLimitSettings(
                before.retainedBytes(),
                before.messageBytes(),
                before.commands(),
                messages.commandBytes(),
                chunks.streams(),
                chunks.partialMessages(),
                chunks.partialBytes(),
                chunks.smallBytes(),
                chunks.smallMessageBytes(),
                chunks.headersPerSecond(),
                chunks.aggregateParts(),
                defaults.streams(),
                rates.commandsPerSecond(),
                rates.commandsBurst(),
                rates.acksPerSecond(),
                rates.controlRepliesPerSecond(),
                rates.controlMessagesPerSecond(),
                amf.depth(),
                amf.values(),
                amf.arrayItems(),
                amf.properties(),
                amf.commandStringBytes(),
                amf.dataStringBytes(),
                amf.keyBytes(),
                names.appBytes(),
                names.streamBytes(),
                names.queryBytes(),
                names.tcUrlBytes());
    }

    /// @param videoMaxBytes largest video message
    /// @param audioMaxBytes largest audio message
    /// @param dataMaxBytes largest data message
    RtmpLimits with(int videoMaxBytes, int audioMaxBytes, int dataMaxBytes) {
        return new RtmpLimits(
                new RtmpLimits.BeforeAdmission(strangerMaxBytes, strangerMessageMaxBytes, strangerCommands),
                new RtmpLimits.Messages(videoMaxBytes, audioMaxBytes, dataMaxBytes, commandMaxBytes),
                chunks(),
                new RtmpLimits.Rates(
                        commandsPerSecond,
                        commandsBurst,
                        acksPerSecond,
                        controlRepliesPerSecond,
                        controlMessagesPerSecond),
                amf(),
                new RtmpLimits.Names(appMaxBytes, streamMaxBytes, queryMaxBytes, tcUrlMaxBytes),
                streams,
                RtmpLimits.Calls.DEFAULTS);
    }

    private RtmpLimits.Chunks chunks() {
        return new RtmpLimits.Chunks(
                chunkStreams,
                partialMessages,
                partialMaxBytes,
                smallChunkBytes,
                smallChunkMessageMaxBytes,
                chunkHeadersPerSecond,
                aggregateParts);
    }

    private RtmpLimits.Amf amf() {
        return new RtmpLimits.Amf(
                amfDepth,
                amfValues,
                amfArrayItems,
                amfProperties,
                amfCommandStringMaxBytes,
                amfDataStringMaxBytes,
                amfKeyMaxBytes);
    }
}
