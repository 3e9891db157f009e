package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.session.AdobeLogin.Answer;
import dev.sluice.rtmp.session.AdobeLogin.Refusal;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdobeLoginTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Pattern CHALLENGE = Pattern.compile(
            "\\[ AccessManager.Reject ] : \\[ authmod=adobe ] : \\?reason=needauth&user=u&salt=(\\w+)&challenge=(\\w+)&opaque=(\\w+)");

    private final AdobeLogin login = new AdobeLogin();

    private record Challenge(String salt, String challenge, String opaque) {}

    private Challenge challenge(long nowNs) {
        var refusal = (Refusal) login.next("live?authmod=adobe&user=u", nowNs);
        var match = CHALLENGE.matcher(refusal.description());
        assertThat(match.matches()).as(refusal.description()).isTrue();
        return new Challenge(match.group(1), match.group(2), match.group(3));
    }

    private static String answer(Challenge challenge, String password) {
        var response = AdobeLogin.response("u", challenge.salt, password, challenge.opaque, "deadbeef");
        return "live?authmod=adobe&user=u&challenge=deadbeef&response=" + response + "&opaque=" + challenge.opaque;
    }

    @Test
    void computesWhatClientsCompute() {
        assertThat(AdobeLogin.response("u", "SALT", "p", "OPAQ", "deadbeef")).isEqualTo("hy86ki/8ZFK43fN8vVy69A==");
        assertThat(AdobeLogin.response("u", "SALT", "p", "CHAL", "deadbeef")).isEqualTo("3R75kwWErToAPcS3wrDCZg==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "live?", "live?key=x", "live?authmod=llnw&user=u", "live?authmod=adobe", ""})
    void asksWhoSaysNothing(String app) {
        assertThat(((Refusal) login.next(app, 0)).description())
                .contains("code=403 need auth")
                .contains("authmod=adobe");
    }

    @Test
    void theRightPasswordProvesTheUser() {
        var answer = (Answer) login.next(answer(challenge(0), "secret"), SECOND_NS);
        assertThat(answer.user()).isEqualTo("u");
        assertThat(answer.proves().test("secret")).isTrue();
        assertThat(answer.proves().test("other")).isFalse();
        assertThat(answer.proves().test("")).isFalse();
    }

    @Test
    void aChallengeIsForOneUse() {
        var sent = answer(challenge(0), "secret");
        assertThat(login.next(sent, SECOND_NS)).isInstanceOf(Answer.class);
        assertThat(login.next(sent, SECOND_NS)).isEqualTo(login.failed());
    }

    @Test
    void aChallengeGrowsOld() {
        assertThat(login.next(answer(challenge(0), "secret"), 61 * SECOND_NS)).isEqualTo(login.failed());
    }

    @Test
    void aChallengeIsForOneUser() {
        var sent = answer(challenge(0), "secret").replace("user=u", "user=v");
        assertThat(login.next(sent, SECOND_NS)).isEqualTo(login.failed());
    }

    @Test
    void noTwoChallengesAreAlike() {
        var first = challenge(0);
        var second = challenge(0);
        assertThat(first.salt).isNotEqualTo(second.salt);
        assertThat(first.opaque).isNotEqualTo(second.opaque);
    }

    @Test
    void floodsForgetTheOldestChallengesOnly() {
        var first = challenge(0);
        for (int i = 0; i < 10_000; i++) {
            challenge(0);
        }
        assertThat(login.next(answer(first, "secret"), SECOND_NS)).isEqualTo(login.failed());
        assertThat(login.next(answer(challenge(0), "secret"), SECOND_NS)).isInstanceOf(Answer.class);
    }
}
