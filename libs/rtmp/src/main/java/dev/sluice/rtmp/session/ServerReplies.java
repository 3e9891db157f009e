package dev.sluice.rtmp.session;

import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.UserEvent;
import java.util.ArrayList;
import java.util.List;

/// What a server says, in the order and form that every known client accepts. Replies go to message stream 0; the
/// status of a stream goes to that stream, because clients drop it elsewhere. Status objects always have a
/// description (RTMP 1.0 §7.2).
final class ServerReplies {
    private static final int WINDOW_BYTES = 2_500_000;
    private static final int DYNAMIC = 2;
    private static final String STATUS = "status";
    private static final String ERROR = "error";

    private final MessageLink link;
    private boolean fcPublishExpected;

    ServerReplies(MessageLink link) {
        this.link = link;
    }

    /// The chunk size comes first: it is the only way to get FFmpeg off 128-byte chunks.
    ///
    /// @param chunkBytes 0 for what it is already
    void connectAccepted(double transactionId, double objectEncoding, int chunkBytes) {
        link.announceWindow(WINDOW_BYTES);
        link.askForBandwidth(WINDOW_BYTES, DYNAMIC);
        if (chunkBytes > 0) {
            link.announceChunkSize(chunkBytes);
        }
        AmfValue.Properties info = AmfValue.properties()
                .put("level", STATUS)
                .put("code", StatusCode.CONNECT_SUCCESS)
                .put("description", "Connection succeeded.")
                .put("objectEncoding", objectEncoding);
        reply(
                "_result",
                transactionId,
                serverProperties(),
                Capabilities.OF_SERVER.writeTo(info).object());
    }

    /// `redirect` is the form of old Flash servers, `redirect2` what others send beside it.
    ///
    /// @param url a `tcUrl` to connect to instead
    void redirected(double transactionId, String url, String description) {
        AmfValue.Obj elsewhere = AmfValue.properties()
                .put("code", 302)
                .put("redirect", url)
                .put("redirect2", url)
                .object();
        AmfValue info = AmfValue.properties()
                .put("level", ERROR)
                .put("code", StatusCode.CONNECT_REJECTED)
                .put("description", description)
                .put("ex", elsewhere)
                .object();
        reply("_error", transactionId, AmfValue.NULL, info);
    }

    /// @param tcUrl where to; empty is the same address
    void reconnectRequested(String tcUrl, String description) {
        AmfValue.Properties info = AmfValue.properties()
                .put("level", STATUS)
                .put("code", StatusCode.CONNECT_RECONNECT_REQUEST)
                .put("description", description);
        if (!tcUrl.isEmpty()) {
            info.put("tcUrl", tcUrl);
        }
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, "onStatus", 0, AmfValue.NULL, info.object());
    }

    /// A player that wants audio or video again hears what a seek would tell it.
    void receivingAgain(int msid) {
        status(msid, StatusCode.SEEK_NOTIFY, "Going on.");
        status(msid, StatusCode.PLAY_START, "Started playing.");
    }

    /// Without our properties: FFmpeg looks for the description in the first object that it finds.
    void connectRefused(double transactionId, String code, String description) {
        reply("_error", transactionId, AmfValue.NULL, info(ERROR, code, description));
        closeCommand();
    }

    /// Some clients look for "FMS" in the version.
    private static AmfValue serverProperties() {
        return AmfValue.properties()
                .put("fmsVer", "FMS/3,5,7,7009")
                .put("capabilities", 31)
                .put("mode", 1)
                .object();
    }

    void result(double transactionId, AmfValue value) {
        reply("_result", transactionId, AmfValue.NULL, value);
    }

    void callFailed(double transactionId, String description) {
        reply("_error", transactionId, AmfValue.NULL, info(ERROR, StatusCode.CALL_FAILED, description));
    }

    private void reply(String name, double transactionId, AmfValue object, AmfValue value) {
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, name, transactionId, object, value);
    }

    void call(String method, int transactionId, List<AmfValue> arguments) {
        List<AmfValue> values = new ArrayList<>();
        values.add(AmfValue.NULL);
        values.addAll(arguments);
        AmfValue[] all = values.toArray(AmfValue[]::new);
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, method, transactionId, all);
    }

    /// @param timeMs any number; the answer repeats its lower 32 bits
    void ping(long timeMs) {
        link.writeUserControl(UserEvent.PING_REQUEST, timeMs);
    }

    /// `onFCPublish` and its relatives, which belong to the connection.
    void notice(String name, String code, String description) {
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, name, 0, AmfValue.NULL, info(STATUS, code, description));
    }

    void status(int msid, String code, String description) {
        onStatus(msid, STATUS, code, description);
    }

    void failure(int msid, String code, String description) {
        onStatus(msid, ERROR, code, description);
    }

    private void onStatus(int msid, String level, String code, String description) {
        AmfValue info = info(level, code, description);
        link.writeCommand(MessageLink.STREAM_CSID, msid, "onStatus", 0, AmfValue.NULL, info);
    }

    private static AmfValue info(String level, String code, String description) {
        return AmfValue.properties()
                .put("level", level)
                .put("code", code)
                .put("description", description)
                .object();
    }

    /// The client called `FCPublish`: it is answered when publishing starts. Its answer carries the code of the
    /// start, and clients that look for the code alone would send their headers before they may.
    void expectsFcPublish() {
        fcPublishExpected = true;
    }

    void publishAccepted(int msid) {
        if (fcPublishExpected) {
            notice("onFCPublish", StatusCode.PUBLISH_START, "Publishing.");
        }
        link.writeUserControl(UserEvent.STREAM_BEGIN, msid);
        status(msid, StatusCode.PUBLISH_START, "Publishing.");
    }

    void chunkSize(int bytes) {
        link.announceChunkSize(bytes);
    }

    void playAccepted(int msid, boolean reset) {
        link.writeUserControl(UserEvent.STREAM_BEGIN, msid);
        if (reset) {
            status(msid, StatusCode.PLAY_RESET, "Playing and resetting.");
        }
        status(msid, StatusCode.PLAY_START, "Started playing.");
    }

    void publisherCame(int msid) {
        link.writeUserControl(UserEvent.STREAM_BEGIN, msid);
        status(msid, StatusCode.PLAY_PUBLISH_NOTIFY, "The stream is published.");
    }

    void publisherLeft(int msid) {
        status(msid, StatusCode.PLAY_UNPUBLISH_NOTIFY, "The stream is no longer published.");
        link.writeUserControl(UserEvent.STREAM_EOF, msid);
    }

    /// Nobody publishes any more, and nothing will follow.
    void playEnded(int msid) {
        publisherLeft(msid);
        status(msid, StatusCode.PLAY_STOP, "Stopped playing.");
    }

    void paused(int msid) {
        status(msid, StatusCode.PAUSE_NOTIFY, "Paused.");
        link.writeUserControl(UserEvent.STREAM_EOF, msid);
    }

    void unpaused(int msid) {
        link.writeUserControl(UserEvent.STREAM_BEGIN, msid);
        status(msid, StatusCode.UNPAUSE_NOTIFY, "Playing again.");
    }

    void closeCommand() {
        link.writeCommand(MessageLink.CONNECTION_CSID, 0, "close", 0, AmfValue.NULL);
    }
}
