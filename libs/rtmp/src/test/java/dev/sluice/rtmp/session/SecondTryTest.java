package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.amf.AmfValue;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecondTryTest {
    private static final ClientRequest REFUSED = ClientRequest.publish(RtmpUrl.parse("rtmp://u:p@h/live/k"));
    private static final String NEED_LOGIN = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] :";
    private static final String NEED_ANSWER =
            "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=u&salt=SALT&challenge=CHAL";
    private static final String WHO = "?authmod=adobe&user=u";

    private static Optional<ClientRequest> after(ClientRequest refused, String description) {
        AmfValue.Obj info =
                AmfValue.properties().put("description", description).object();
        return SecondTry.after(refused, info, "deadbeef");
    }

    @Test
    void saysWhoItIsWhenTheServerWantsALogin() {
        assertThat(after(REFUSED, NEED_LOGIN)).contains(REFUSED.withConnectQuery(WHO));
    }

    @Test
    void answersAChallengeWithTheOpaqueOfTheServer() {
        assertThat(after(REFUSED.withConnectQuery(WHO), NEED_ANSWER + "&opaque=OPAQ"))
                .contains(REFUSED.withConnectQuery(
                        WHO + "&challenge=deadbeef&response=hy86ki/8ZFK43fN8vVy69A==&opaque=OPAQ"));
    }

    @Test
    void answersAChallengeOfAServerThatSendsNoOpaque() {
        assertThat(after(REFUSED.withConnectQuery(WHO), NEED_ANSWER))
                .contains(REFUSED.withConnectQuery(WHO + "&challenge=deadbeef&response=3R75kwWErToAPcS3wrDCZg=="));
    }

    /// Numbers made with Python's hashlib.
    @ParameterizedTest
    @CsvSource({
        "rtmp://u:p@h/live/k, fa8cacc5d5b3d021ba6eba2c52ec84b1",
        "rtmp://u:p@h/a/b/k, c8919abdbaf9e7dde26845c23c825efb"
    })
    void answersTheDigestOfLimelight(String url, String response) {
        ClientRequest refused = ClientRequest.publish(RtmpUrl.parse(url));
        String who = "?authmod=llnw&user=u";
        assertThat(after(refused, NEED_LOGIN.replace("adobe", "llnw"))).contains(refused.withConnectQuery(who));
        assertThat(after(
                        refused.withConnectQuery(who),
                        "[ AccessManager.Reject ] : [ authmod=llnw ] : ?reason=needauth&user=u&nonce=NONCE"))
                .contains(refused.withConnectQuery(
                        who + "&nonce=NONCE&cnonce=deadbeef&nc=00000001&response=" + response));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed",
                "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=nosuchuser",
                NEED_LOGIN,
                NEED_ANSWER,
                "No.",
                ""
            })
    void neverAnswersTwice(String description) {
        assertThat(after(REFUSED.withConnectQuery(WHO + "&challenge=c&response=r"), description))
                .isEmpty();
    }

    @Test
    void whoHasNoUserHasNothingToSay() {
        assertThat(after(ClientRequest.publish(RtmpUrl.parse("rtmp://h/live/k")), NEED_LOGIN))
                .isEmpty();
    }

    @Test
    void aLoginIsNeverShown() {
        assertThat(REFUSED.withConnectQuery(WHO + "&challenge=c&response=SECRET"))
                .hasToString("PUBLISH rtmp://h/live/k");
        assertThat(RtmpUrl.parse("rtmp://u:SECRET@h/live/k").login()).hasToString("u");
    }

    @ParameterizedTest
    @CsvSource({
        "redirect, rtmp://o:1936/vod/x, rtmp://o:1936/vod/x/k",
        "redirect, rtmp://o/live/, rtmp://o/live/k",
        "redirect2, //o/live, rtmp://o/live/k",
        "redirect, /other, rtmp://h/other/k",
    })
    void followsARedirectToTheSameStreamElsewhere(String key, String tcUrl, String expected) {
        ClientRequest again = SecondTry.after(REFUSED.withConnectQuery(WHO), redirect(302, key, tcUrl), "c")
                .orElseThrow();
        assertThat(again.url()).hasToString(expected);
        assertThat(again.connectQuery()).isEmpty();
        assertThat(again.url().login()).isEqualTo(REFUSED.url().login());
    }

    @Test
    void aRedirectThatNamesNoUsableAddressIsARefusal() {
        assertThat(SecondTry.after(REFUSED, redirect(302, "redirect", "http://h/live"), "c"))
                .isEmpty();
        assertThat(SecondTry.after(REFUSED, redirect(302, "redirect", ""), "c")).isEmpty();
        assertThat(SecondTry.after(REFUSED, redirect(200, "redirect", "rtmp://o/live"), "c"))
                .isEmpty();
    }

    private static AmfValue.Obj redirect(int code, String key, String tcUrl) {
        AmfValue elsewhere =
                AmfValue.properties().put("code", code).put(key, tcUrl).object();
        return AmfValue.properties().put("ex", elsewhere).object();
    }
}
