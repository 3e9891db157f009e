package dev.sluice.plugin.hls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.EndReason;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.Plugin;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What is answered to whom, and when.
final class HlsPluginTest {
    private final FakeServer server = new FakeServer();
    private final AutoCloseable plugin = FakeServer.start(server);

    @Test
    void isFoundByTheServer() {
        assertThat(ServiceLoader.load(Plugin.class)).hasAtLeastOneElementOfType(HlsPlugin.class);
    }

    @Test
    void servesEverythingThatAPlaylistNames() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 12_000);
        var index = server.get("/live/test/index.m3u8");
        assertThat(index.status).isEqualTo(200);
        assertThat(index.contentType).isEqualTo("application/vnd.apple.mpegurl");
        assertThat(index.headers).containsEntry("Cache-Control", "no-cache");
        for (var kind : List.of("video", "audio")) {
            assertThat(index.text()).contains(kind + ".m3u8");
            var media = server.get("/live/test/" + kind + ".m3u8");
            assertThat(media.status).isEqualTo(200);
            var names = Pattern.compile(kind + "-[0-9a-z-]+\\.(m4s|mp4)").matcher(media.text());
            int named = 0;
            for (; names.find(); named++) {
                var file = server.get("/live/test/" + names.group());
                assertThat(file.status).isEqualTo(200);
                assertThat(file.contentType).isEqualTo(kind + "/mp4");
                assertThat(file.headers.get("Cache-Control"))
                        .contains("immutable")
                        .contains("max-age=");
                assertThat(new String(file.body, 4, 4, java.nio.charset.StandardCharsets.US_ASCII))
                        .isEqualTo(names.group(1).equals("m4s") ? "moof" : "ftyp");
            }
            assertThat(named).isEqualTo(7);
        }
    }

    @Test
    void holdsTheFirstViewersUntilThereIsASegment() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 500);
        var index = server.get("/live/test/index.m3u8");
        var audio = server.get("/live/test/audio.m3u8");
        assertThat(index.answers).isZero();
        server.media(500, 1_100);
        assertThat(index.status).isEqualTo(200);
        assertThat(audio.status).isEqualTo(200);
        assertThat(List.of(index.answers, audio.answers)).containsOnly(1);
        server.media(1_100, 5_000);
        server.loop.advanceMs(10_000);
        assertThat(List.of(index.answers, audio.answers)).containsOnly(1);
    }

    @Test
    void saysTryAgainWhenTheFirstSegmentTakesTooLong() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        var index = server.get("/live/test/index.m3u8");
        server.loop.advanceMs(4_900);
        assertThat(index.answers).isZero();
        server.loop.advanceMs(200);
        assertThat(index.status).isEqualTo(404);
        assertThat(index.text()).contains("live/test is live").contains("try again");
        server.media(0, 3_000);
        assertThat(index.answers).isEqualTo(1);
    }

    @Test
    void whoComesFirstWaitsForNothingWhereTheStreamIsOldEnough() {
        server.publishUnwatched(FakeServer.VIDEO);
        server.media(0, 6_000);
        assertThat(server.segments.of(FakeServer.NAME).orElseThrow().segments()).isEmpty();
        assertThat(server.get("/live/test/video.m3u8").text()).contains(".m4s");
    }

    @Test
    void forgetsAHeldRequestWhoseClientLeft() {
        server.publish(FakeServer.VIDEO);
        int timers = server.loop.timers();
        var index = server.get("/live/test/index.m3u8");
        server.loop.call(index.gone);
        assertThat(server.loop.timers()).isEqualTo(timers);
        server.media(0, 3_000);
        assertThat(index.answers).isZero();
        assertThat(server.sessionsOpened).isEmpty();
    }

    @Test
    void holdsAFewRequestsOfAClientOnly() {
        server.publish(FakeServer.VIDEO);
        for (int i = 0; i < 4; i++) {
            assertThat(server.get("/live/test/index.m3u8").answers).isZero();
        }
        assertThat(server.get("/live/test/index.m3u8").status).isEqualTo(404);
        assertThat(server.get("/live/test/index.m3u8", "player", 2).answers).isZero();
        server.loop.advanceMs(6_000);
        assertThat(server.get("/live/test/index.m3u8").answers).isZero();
    }

    @Test
    void holdsAsManyAsItMay() {
        var small = new FakeServer();
        FakeServer.start(small, new HlsSettings(true, 5_000, 2, 100));
        small.publish(FakeServer.VIDEO);
        assertThat(small.get("/live/test/index.m3u8", "a", 1).answers).isZero();
        assertThat(small.get("/live/test/index.m3u8", "a", 2).answers).isZero();
        assertThat(small.get("/live/test/index.m3u8", "a", 3).status).isEqualTo(404);
        assertThat(small.limits().counts()).containsEntry("held-requests", 1L);
    }

    @Test
    void saysThatAStreamIsNotLive() {
        var index = server.get("/live/test/index.m3u8");
        assertThat(index.status).isEqualTo(404);
        assertThat(index.text()).isEqualTo("live/test is not live");
        assertThat(server.get("/live/test/video.m3u8").status).isEqualTo(404);
        assertThat(server.get("/live/test/video-1.m4s").status).isEqualTo(404);
    }

    @Test
    void answersHeldRequestsWhenTheStreamEndsBeforeItsFirstSegment() {
        server.publish(FakeServer.VIDEO);
        var index = server.get("/live/test/index.m3u8");
        server.end();
        assertThat(index.status).isEqualTo(404);
    }

    @Test
    void letsViewersFinishAndTellsNewcomersThatItIsOver() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 8_000);
        server.end();
        assertThat(server.get("/live/test/video.m3u8").text()).endsWith("#EXT-X-ENDLIST\n");
        assertThat(server.get("/live/test/index.m3u8").status).isEqualTo(404);
        server.loop.advanceMs(61_000);
        assertThat(server.get("/live/test/video.m3u8").text()).isEqualTo("live/test is not live");
    }

    @Test
    void namesTheCodecThatItCannotCarry() {
        server.publish(FakeServer.MP3);
        var index = server.get("/live/test/index.m3u8");
        assertThat(index.status).isEqualTo(415);
        assertThat(index.text()).contains("MP3").contains("H.264 and AAC");
    }

    @Test
    void playsVideoWhenOnlyTheAudioDoesNotFit() {
        server.publish(FakeServer.VIDEO, FakeServer.MP3);
        var index = server.get("/live/test/index.m3u8");
        assertThat(index.answers).isZero();
        server.media(0, 4_000);
        assertThat(index.text()).contains("video.m3u8").doesNotContain("mp4a");
        var audio = server.get("/live/test/audio.m3u8");
        assertThat(audio.status).isEqualTo(404);
        assertThat(audio.text()).contains("MP3");
    }

    @Test
    void asksAdmissionForEachPlaylistAndSaysWhatItSays() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        server.verdict = new Admission.Refused(403, "not for you");
        for (var name : List.of("index", "video", "audio")) {
            var answer = server.get("/live/test/" + name + ".m3u8");
            assertThat(answer.status).isEqualTo(403);
            assertThat(answer.text()).isEqualTo("not for you");
        }
        assertThat(server.asked)
                .extracting(Admission.AccessRequest::action)
                .containsOnly(Admission.Action.PLAY)
                .hasSize(3);
        assertThat(server.sessionsOpened).isEmpty();
    }

    @Test
    void keepsPlaylistsAliveWhileTheStreamWaitsForItsPublisher() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 12_000);
        server.lost();
        int before = server.sessionsOpened.size();
        server.get("/live/test/index.m3u8");
        server.loop.advanceMs(50); // the last picture is still to be seen
        for (int i = 0; i < 10; i++) {
            server.loop.advanceMs(2_000);
            for (var kind : List.of("video", "audio")) {
                var media = server.get("/live/test/" + kind + ".m3u8");
                assertThat(media.status).isEqualTo(200);
                assertThat(media.text().split("#EXT-X-GAP\n", -1)).hasSize(Math.min(i + 1, 6) + 1);
                assertThat(media.text()).doesNotContain("ENDLIST");
            }
        }
        assertThat(server.get("/live/test/index.m3u8").text())
                .contains("video.m3u8", "audio.m3u8")
                .doesNotContain("BANDWIDTH=1,");
        server.media(32_000, 36_000);
        assertThat(server.get("/live/test/video.m3u8").text())
                .contains("#EXT-X-GAP")
                .endsWith(".m4s\n");
        assertThat(server.sessionsOpened).as("nobody left and came back").hasSize(before + 1);
        assertThat(server.sessionsOpened.getLast().ends).isEmpty();
    }

    @Test
    void saysThatAGapHasNoFile() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 4_000);
        server.lost();
        server.loop.advanceMs(2_050);
        var text = server.get("/live/test/video.m3u8").text().strip();
        assertThat(text).contains("#EXT-X-GAP");
        for (var kind : List.of("video", "audio")) {
            var name = text.substring(text.lastIndexOf('\n') + 1).replace("video", kind);
            var file = server.get("/live/test/" + name);
            assertThat(file.status).isEqualTo(404);
            assertThat(file.text()).contains("nobody published").contains("EXT-X-GAP");
        }
    }

    @Test
    void endsThePlaylistWhenNobodyReturns() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 12_000);
        server.lost();
        server.loop.advanceMs(20_000);
        server.end();
        assertThat(server.get("/live/test/video.m3u8").text())
                .contains("#EXT-X-GAP")
                .endsWith("#EXT-X-ENDLIST\n");
    }

    @Test
    void looksForNothingThatIsNotInTheWindow() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        for (var name : List.of(
                "video-0.m4s",
                "video-01800000000.m4s",
                "video--1.m4s",
                "video-1e9.m4s",
                "video-99999999999999999999.m4s",
                "video-..m4s",
                "video-١.m4s",
                "audio-1800000000.m4s",
                "video-init-1.mp4",
                "video-init-x.mp4",
                "audio-init-1800000000.mp4")) {
            assertThat(server.get("/live/test/" + name).status).as(name).isEqualTo(404);
        }
        assertThat(server.get("/live/te st/video-1800000000.m4s").status).isEqualTo(404);
        assertThat(server.get("/live/test/video-1800000000.m4s").status).isEqualTo(200);
    }

    @Test
    void countsAViewerOnceAndUntilHeHasBeenQuiet() {
        server.publish(FakeServer.VIDEO, FakeServer.AUDIO);
        server.media(0, 4_000);
        for (int i = 0; i < 5; i++) {
            server.get("/live/test/index.m3u8");
            server.get("/live/test/video.m3u8");
            server.get("/live/test/video-1800000000.m4s");
            server.loop.advanceMs(2_000);
        }
        assertThat(server.sessionsOpened).singleElement().satisfies(session -> {
            assertThat(session.client).isEqualTo("player/1.0");
            assertThat(session.role).isEqualTo("PLAYING live/test");
            assertThat(session.ends).isEmpty();
        });
        server.loop.advanceMs(4_000);
        assertThat(server.sessionsOpened.getFirst().ends).isEmpty();
        server.loop.advanceMs(2_000);
        assertThat(server.sessionsOpened.getFirst().ends).containsExactly(EndReason.IDLE);
        server.get("/live/test/video.m3u8");
        assertThat(server.sessionsOpened).hasSize(2);
    }

    @Test
    void tellsViewersApartByAddressAndAgent() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        server.get("/live/test/index.m3u8", "a", 1);
        server.get("/live/test/index.m3u8", "b", 1);
        server.get("/live/test/index.m3u8", "a", 2);
        server.get("/live/test/index.m3u8", "a", 1);
        assertThat(server.sessionsOpened).hasSize(3);
    }

    @Test
    void doesNotCountWhoFetchesSegmentsWithoutAPlaylist() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        assertThat(server.get("/live/test/video-1800000000.m4s").status).isEqualTo(200);
        assertThat(server.sessionsOpened).isEmpty();
    }

    @Test
    void sendsAwayWhoWasKickedUntilHeHasBeenQuiet() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        server.get("/live/test/index.m3u8");
        server.sessionsOpened.getFirst().kick.accept(EndReason.KICKED);
        assertThat(server.get("/live/test/video.m3u8").status).isEqualTo(403);
        assertThat(server.sessionsOpened.getFirst().ends).first().isEqualTo(EndReason.KICKED);
        server.loop.advanceMs(10_000);
        assertThat(server.get("/live/test/video.m3u8").status).isEqualTo(200);
    }

    @Test
    void hasRoomForAsManyViewersAsItIsTold() {
        var small = new FakeServer();
        FakeServer.start(small, new HlsSettings(true, 5_000, 10, 2));
        small.publish(FakeServer.VIDEO);
        small.media(0, 4_000);
        assertThat(small.get("/live/test/index.m3u8", "a", 1).status).isEqualTo(200);
        assertThat(small.get("/live/test/index.m3u8", "a", 2).status).isEqualTo(200);
        assertThat(small.get("/live/test/index.m3u8", "a", 3).status).isEqualTo(503);
        assertThat(small.limits().counts()).containsEntry("viewers", 1L);
        assertThat(small.get("/live/test/video.m3u8", "a", 2).status).isEqualTo(200);
    }

    @Test
    void keepsRoomForOthersWhenOneAddressInventsAgents() {
        var small = new FakeServer();
        FakeServer.start(small, new HlsSettings(true, 5_000, 10, 20));
        small.publish(FakeServer.VIDEO);
        small.media(0, 4_000);
        for (int i = 0; i < 100; i++) {
            assertThat(small.get("/live/test/index.m3u8", "invented/" + i, 1).status)
                    .isEqualTo(200);
        }
        assertThat(small.sessionsOpened).hasSize(20 / 4 + 1);
        assertThat(small.get("/live/test/index.m3u8", "player/1.0", 2).status).isEqualTo(200);
    }

    @Test
    void tells32AgentsOfAnAddressApartAndCountsTheOthersAsOne() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        for (int i = 0; i < 100; i++) {
            server.get("/live/test/index.m3u8", "agent/" + i, 1);
        }
        assertThat(server.sessionsOpened).hasSize(32 + 1);
        assertThat(server.sessionsOpened.getFirst().client).isEqualTo("agent/0");
        assertThat(server.sessionsOpened.getLast().client).isEqualTo("various players");
    }

    @Test
    void tellsAgentsOfAnAddressApartAgainWhenOthersHaveLeft() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        for (int i = 0; i < 40; i++) {
            server.get("/live/test/index.m3u8", "agent/" + i, 1);
        }
        server.loop.advanceMs(10_000);
        assertThat(server.sessionsOpened)
                .allSatisfy(session -> assertThat(session.ends).containsExactly(EndReason.IDLE));
        server.get("/live/test/index.m3u8", "late/1.0", 1);
        assertThat(server.sessionsOpened.getLast().client).isEqualTo("late/1.0");
    }

    @Test
    void keepsAFoldedViewerAsLongAsItFetchesSegments() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        for (int i = 0; i < 33; i++) {
            server.get("/live/test/index.m3u8", "agent/" + i, 1);
        }
        for (int i = 0; i < 10; i++) {
            server.loop.advanceMs(2_000);
            server.get("/live/test/video-1800000000.m4s", "agent/32", 1);
        }
        assertThat(server.sessionsOpened)
                .filteredOn(session -> session.ends.isEmpty())
                .extracting(session -> session.client)
                .containsExactly("various players");
    }

    @Test
    void saysThatItIsSwitchedOff() {
        var off = new FakeServer();
        FakeServer.start(off, new HlsSettings(false, 5_000, 10, 2));
        off.publish(FakeServer.VIDEO);
        off.media(0, 4_000);
        assertThat(off.get("/live/test/index.m3u8").text()).contains("hls.enabled");
        assertThat(off.get("/live/test/video-1800000000.m4s").status).isEqualTo(404);
        assertThat(off.asked).isEmpty();
    }

    @Test
    void endsItsSessionsWhenTheServerStops() throws Exception {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        server.get("/live/test/index.m3u8");
        int timers = server.loop.timers();
        plugin.close();
        assertThat(server.sessionsOpened.getFirst().ends).containsExactly(EndReason.SERVER_STOPPING);
        assertThat(server.loop.timers()).isEqualTo(timers - 1); // nobody counts any more
    }

    @Test
    void writesAPlaylistOncePerWindow() {
        server.publish(FakeServer.VIDEO);
        server.media(0, 4_000);
        var first = server.get("/live/test/video.m3u8");
        assertThat(server.get("/live/test/video.m3u8").body).isSameAs(first.body);
        server.media(4_000, 8_000);
        assertThat(server.get("/live/test/video.m3u8").body).isNotEqualTo(first.body);
    }
}
