package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpUrl;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The answer to `authmod=llnw`, for pushing to networks that ask for it: HTTP's digest (RFC 2617 §3.2.2) of a
/// "publish" request.
final class LimelightLogin {
    static final String COUNT = "00000001";

    private static final String REALM = "live";
    private static final String INSTANCE = "/_definst_";

    private LimelightLogin() {}

    /// @param app an application without a slash means its default instance
    static String response(RtmpUrl.Login login, String app, String nonce, String clientNonce) {
        String who = md5(login.user() + ":" + REALM + ":" + login.password());
        String what = md5("publish:/" + app + (app.contains("/") ? "" : INSTANCE));
        return md5(String.join(":", who, nonce, COUNT, clientNonce, "auth", what));
    }

    private static String md5(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
