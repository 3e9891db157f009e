package dev.sluice.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.ManualLoop;
import dev.sluice.hub.StreamName;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.spi.Admission.AccessRequest;
import dev.sluice.server.spi.Admission.Action;
import dev.sluice.server.spi.Admission.Granted;
import dev.sluice.server.spi.Admission.LoginRequest;
import dev.sluice.server.spi.Admission.Refused;
import dev.sluice.server.spi.Admission.Verdict;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.AppSettings.PublishPolicy;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.PerApp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAdmissionTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String STRANGER = "192.0.2.7";
    private static final String SECRET = "s3cret";

    private long nowNs = Long.MAX_VALUE - 10 * SECOND_NS; // monotonic clocks may wrap

    private final Map<String, AppSettings> byApp = Map.of(
            "stage", new AppSettings(false, PublishPolicy.OPEN, Map.of()),
            "keyed", new AppSettings(false, PublishPolicy.KEYS, Map.of("cam", SECRET, "other", "different")),
            "studio", new AppSettings(false, PublishPolicy.KEYS, Map.of("cam", SECRET), Map.of("anna", "pass word")));
    private final PerApp<AppSettings> apps = new PerApp<>() {
        @Override
        public AppSettings global() {
            return AppSettings.DEFAULTS;
        }

        @Override
        public AppSettings of(String app) {
            return byApp.getOrDefault(app, global());
        }
    };
    private final LimitHits limits = new LimitHits(new ManualLoop(), 60_000);
    private final KeyAdmission admission =
            new KeyAdmission(apps, byApp.keySet(), AdmissionSettings.DEFAULTS, limits, () -> nowNs);

    private Verdict decide(Action action, String app, String name, Map<String, String> query, String from) {
        var remote = new InetSocketAddress(InetAddress.ofLiteral(from), 4711);
        return admission
                .decide(new AccessRequest(action, "test", app, name, query, remote))
                .toCompletableFuture()
                .join();
    }

    private Optional<Refused> login(String app, String user, String password, String from) {
        var remote = new InetSocketAddress(InetAddress.ofLiteral(from), 4711);
        return admission
                .login(new LoginRequest("test", app, user, remote, password::equals))
                .toCompletableFuture()
                .join();
    }

    private Verdict publishAs(String user, String app) {
        var remote = new InetSocketAddress(InetAddress.ofLiteral(STRANGER), 4711);
        return admission
                .decide(new AccessRequest(Action.PUBLISH, "test", app, "any", Map.of(), user, remote))
                .toCompletableFuture()
                .join();
    }

    private Verdict publish(String app, String name, String from) {
        return decide(Action.PUBLISH, app, name, Map.of(), from);
    }

    private Verdict publishWithKey(String name, String key, String from) {
        return decide(Action.PUBLISH, "keyed", name, Map.of("key", key), from);
    }

    private static Granted granted(String app, String name) {
        return new Granted(new StreamName(app, name));
    }

    private static void assertRefused(Verdict verdict, int status) {
        assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.why()).isNotBlank().doesNotContain(SECRET).doesNotContain("wrong1");
        });
    }

    @Test
    void letsEverybodyPlayUnderThePublicName() {
        assertThat(decide(Action.PLAY, "keyed", "cam", Map.of(), STRANGER)).isEqualTo(granted("keyed", "cam"));
    }

    @Test
    void letsAnybodyPublishWhereItIsOpen() {
        assertThat(publish("stage", "x", STRANGER)).isEqualTo(granted("stage", "x"));
    }

    @Test
    void letsOnlyThisMachinePublishByDefault() {
        assertThat(publish("live", "x", LOOPBACK)).isEqualTo(granted("live", "x"));
        assertThat(publish("live", "x", "::1")).isEqualTo(granted("live", "x"));
        assertThat(publish("live", "x", "127.200.0.9")).isEqualTo(granted("live", "x"));
        assertRefused(publish("live", "x", STRANGER), 403);
    }

    @Test
    void wantsTheKeyOfThatVeryStream() {
        assertThat(publishWithKey("cam", SECRET, STRANGER)).isEqualTo(granted("keyed", "cam"));
        assertRefused(publishWithKey("cam", "different", STRANGER), 403);
        assertRefused(publishWithKey("cam", SECRET + " ", STRANGER), 403);
        assertRefused(publishWithKey("cam", "", STRANGER), 403);
        assertRefused(publish("keyed", "cam", STRANGER), 403);
        assertRefused(publish("keyed", "cam", LOOPBACK), 403);
    }

    @Test
    void answersTheSameForNamesThatDoNotExist() {
        var known = (Refused) publishWithKey("cam", "wrong1", STRANGER);
        var unknown = (Refused) publishWithKey("nobody", "wrong1", STRANGER);
        assertThat(unknown.status()).isEqualTo(known.status());
        assertThat(unknown.why()).isEqualTo(known.why().replace("cam", "nobody"));
        assertRefused(publishWithKey("nobody", "", STRANGER), 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", "a b", "%2e%2e", "\uD83C\uDFA5", ".hidden", "a\u0000b"})
    void refusesNamesThatCannotBeWithASentence(String name) {
        assertRefused(publish("stage", name, LOOPBACK), 400);
        assertRefused(decide(Action.PLAY, "stage", name, Map.of(), LOOPBACK), 400);
        assertRefused(publish("stage", "x".repeat(4096), LOOPBACK), 400);
        assertRefused(publish("api", "x", LOOPBACK), 400);
    }

    @Test
    void blocksAfterFiveFailuresEvenTheRightKeyAndOnLoopbackToo() {
        for (int i = 0; i < 5; i++) {
            assertRefused(publishWithKey("cam", "wrong1", LOOPBACK), 403);
        }
        assertRefused(publishWithKey("cam", SECRET, LOOPBACK), 429);
        assertThat(publishWithKey("cam", SECRET, STRANGER)).isEqualTo(granted("keyed", "cam"));
        assertThat(publishWithKey("other", "different", LOOPBACK)).isEqualTo(granted("keyed", "other"));
    }

    @Test
    void countsEveryAttemptThatABlockRefuses() {
        for (int i = 0; i < 5; i++) {
            publishWithKey("cam", "wrong1", STRANGER);
        }
        assertThat(limits.counts()).containsEntry("failed-logins", 0L);
        publishWithKey("cam", SECRET, STRANGER);
        publishWithKey("cam", "wrong1", STRANGER);
        assertThat(limits.counts()).containsEntry("failed-logins", 2L);
    }

    @Test
    void failuresAndTheLengthOfTheBlockAreSettings() {
        var strict = new KeyAdmission(apps, byApp.keySet(), new AdmissionSettings(2, 10_000), Limits.NONE, () -> nowNs);
        assertRefused(tryKey(strict, "wrong1"), 403);
        assertRefused(tryKey(strict, "wrong1"), 403);
        assertRefused(tryKey(strict, SECRET), 429);
        nowNs += 9 * SECOND_NS;
        assertRefused(tryKey(strict, SECRET), 429);
        nowNs += SECOND_NS;
        assertRefused(tryKey(strict, "wrong1"), 403);
        assertThat(tryKey(strict, SECRET)).isEqualTo(granted("keyed", "cam"));
    }

    private static Verdict tryKey(KeyAdmission admission, String key) {
        var remote = new InetSocketAddress(InetAddress.ofLiteral(STRANGER), 4711);
        return admission
                .decide(new AccessRequest(Action.PUBLISH, "test", "keyed", "cam", Map.of("key", key), remote))
                .toCompletableFuture()
                .join();
    }

    @Test
    void endsTheBlockAfterAMinuteHoweverOftenSomebodyTries() {
        for (int i = 0; i < 5; i++) {
            publishWithKey("cam", "wrong1", STRANGER);
        }
        for (int second = 0; second < 59; second++) {
            nowNs += SECOND_NS;
            assertRefused(publishWithKey("cam", SECRET, STRANGER), 429);
        }
        nowNs += SECOND_NS;
        assertThat(publishWithKey("cam", SECRET, STRANGER)).isEqualTo(granted("keyed", "cam"));
    }

    @Test
    void forgetsFailuresOlderThanAMinute() {
        for (int i = 0; i < 20; i++) {
            assertRefused(publishWithKey("cam", "wrong1", STRANGER), 403);
            nowNs += 16 * SECOND_NS; // four within any minute
        }
    }

    @Test
    void forgetsFailuresAfterTheRightKey() {
        for (int i = 0; i < 20; i++) {
            assertRefused(publishWithKey("cam", "wrong1", STRANGER), 403);
            assertThat(publishWithKey("cam", SECRET, STRANGER)).isEqualTo(granted("keyed", "cam"));
        }
    }

    @Test
    void countsOneIpv6NetworkAsOneGuesser() {
        for (int i = 0; i < 5; i++) {
            assertRefused(publishWithKey("cam", "wrong1", "2001:db8:0:1::" + i), 403);
        }
        assertRefused(publishWithKey("cam", SECRET, "2001:db8:0:1::ffff"), 429);
        assertThat(publishWithKey("cam", SECRET, "2001:db8:0:2::1")).isEqualTo(granted("keyed", "cam"));
    }

    @Test
    void letsAUserInWhoKnowsHisPassword() {
        assertThat(login("studio", "anna", "pass word", STRANGER)).isEmpty();
        assertThat(login("studio", "anna", "", STRANGER)).isPresent();
        assertThat(login("keyed", "anna", "pass word", STRANGER)).isPresent();
        assertThat(admission.wantsLogin("studio")).isTrue();
        assertThat(admission.wantsLogin("keyed")).isFalse();
    }

    @Test
    void tellsAnUnknownUserWhatItTellsAWrongPassword() {
        var wrong = login("studio", "anna", "no", STRANGER).orElseThrow();
        assertThat(login("studio", "otto", "", STRANGER)).contains(wrong);
        assertThat(wrong.why()).contains("studio").doesNotContain("pass word");
    }

    @Test
    void aUserPublishesAnyNameOfHisApplicationAndOthersNeedTheKey() {
        assertThat(publishAs("anna", "studio")).isEqualTo(granted("studio", "any"));
        assertRefused(publishAs("otto", "studio"), 403);
        assertRefused(publishAs("", "studio"), 403);
        assertRefused(publishAs("anna", "keyed"), 403);
    }

    @Test
    void blocksWhoGuessesPasswords() {
        for (int i = 0; i < 5; i++) {
            assertThat(login("studio", "anna", "no", STRANGER))
                    .map(Refused::status)
                    .contains(403);
        }
        assertThat(login("studio", "anna", "pass word", STRANGER))
                .map(Refused::status)
                .contains(429);
        assertThat(login("studio", "anna", "pass word", LOOPBACK)).isEmpty();
    }

    @Test
    void remembersABoundedNumberOfGuessers() throws Exception {
        var attempts = new FailedAttempts(AdmissionSettings.DEFAULTS, 3);
        for (int i = 0; i < 100; i++) {
            attempts.failed(FailedAttempts.Guesser.of(InetAddress.ofLiteral("10.0.0." + i), "live/x"), 0);
            assertThat(attempts.size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void refusesKeysFromAnAddressNobodyKnows() {
        var request = new AccessRequest(
                Action.PUBLISH,
                "test",
                "keyed",
                "cam",
                Map.of("key", SECRET),
                InetSocketAddress.createUnresolved("somewhere", 1));
        assertRefused(admission.decide(request).toCompletableFuture().join(), 403);
        assertThat(request.toString()).doesNotContain(SECRET);
    }
}
