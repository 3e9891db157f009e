package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Codecs of Enhanced RTMP on the page, in a browser that has some of them.
class EnhancedBrowserIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BOTH_MOVE = """
            () => ['low-delay', 'hls'].every(player => {
              const video = document.querySelector(`video[data-player="${player}"]`);
              return video && video.currentTime > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 10
                  && video.webkitAudioDecodedByteCount > 0;
            })""";

    @AutoClose
    private static SluiceProcess server;

    @AutoClose
    private static Playwright playwright;

    /// Ends with `playwright`.
    private static Browser browser;

    @BeforeAll
    static void startAServerAndABrowser() {
        server = SluiceProcess.serve();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(Program.installed("chromium", "chromium")))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--autoplay-policy=no-user-gesture-required")));
    }

    @Test
    void bothPlayersPlayVp9AndOpus() {
        var clip = Clips.enhanced(
                "vp9-opus", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus");
        var stream = "live/vp9";
        try (var _ = publish(clip, stream);
                var context = browser.newContext()) {
            var page = open(context.newPage(), stream);
            Wait.until("both players move", PATIENCE, () -> (Boolean) page.evaluate(BOTH_MOVE));
            assertThat(page.locator("body").innerText()).contains("VP9 160×90").contains("Opus");
        }
    }

    @Test
    void bothPlayersSayThatTheBrowserLacksH265AndPlayWhatComesInstead() {
        var clip = Clips.enhanced("h265-aac", "-c:v", "libx265", "-preset", "ultrafast", "-c:a", "aac");
        var stream = "live/h265";
        try (var context = browser.newContext()) {
            var page = context.newPage();
            try (var _ = publish(clip, stream)) {
                open(page, stream);
                for (var player : List.of("sluice-low-delay", "sluice-hls")) {
                    awaitMessage(
                            page,
                            player,
                            "This browser does not play H.265: open the HLS address of the stream in VLC, mpv or"
                                    + " ffplay, or publish plain H.264.");
                }
                assertThat(page.locator("body").innerText())
                        .contains("H.265 160×90")
                        .contains(server.hls(stream));
            }
            try (var _ = publish(Clips.small(), stream)) {
                Wait.until("both players move", PATIENCE, () -> (Boolean) page.evaluate(BOTH_MOVE));
            }
        }
    }

    /// The browser plays it; hls.js does not know it.
    @Test
    void thePlayerThatDoesNotKnowFlacSaysSoWhileTheOtherPlaysIt() {
        var clip = Clips.enhanced("h264-flac", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac");
        var stream = "live/flac";
        try (var _ = publish(clip, stream);
                var context = browser.newContext()) {
            var page = open(context.newPage(), stream);
            awaitMessage(
                    page,
                    "sluice-hls",
                    "This player does not play FLAC: open the HLS address of the stream in VLC, mpv or ffplay,"
                            + " or publish plain AAC.");
            Wait.until(
                    "the other plays",
                    PATIENCE,
                    () -> state(page, "sluice-low-delay").equals("playing"));
        }
    }

    private static void awaitMessage(Page page, String player, String sentence) {
        var message = page.locator(player + " .player-message");
        Wait.until(
                player + " says: " + sentence,
                PATIENCE,
                () -> message.innerText().equals(sentence));
        assertThat(state(page, player)).isEqualTo("failed");
    }

    /// As the players of the page tell it: `playing`, `failed` and so on.
    private static String state(Page page, String player) {
        return page.locator(player).getAttribute("data-state");
    }

    /// Goes on until it is closed.
    private static Program publish(Path clip, String stream) {
        var publisher = Ffmpeg.start(
                "-re", "-stream_loop", "-1", "-i", clip.toString(), "-c", "copy", "-f", "flv", server.rtmp(stream));
        server.awaitLive(stream);
        server.awaitHls(stream);
        return publisher;
    }

    private static Page open(Page page, String stream) {
        page.navigate(server.http("/?stream=" + stream));
        return page;
    }
}
