package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The demo in a real browser: both players show a moving picture soon, and the page needs nothing from the world.
class BrowserIT {
    private static final String LOW_DELAY = "low-delay";
    private static final String HLS = "hls";
    private static final int TRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /// Milliseconds since the page was asked for, or nothing while the picture is not there.
    private static final String PICTURE_SHOWN = """
            player => {
              const video = document.querySelector(`video[data-player="${player}"]`);
              const shown = video && video.readyState >= 2 && video.getVideoPlaybackQuality().totalVideoFrames > 0;
              return shown ? performance.now() : -1;
            }""";

    private static final String CURRENT_TIME = """
            player => document.querySelector(`video[data-player="${player}"]`).currentTime""";

    @AutoClose
    private static SluiceProcess demo;

    @AutoClose
    private static Playwright playwright;

    /// Ends with `playwright`.
    private static Browser browser;

    @BeforeAll
    static void startTheDemoAndABrowser() {
        demo = SluiceProcess.demo();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(Program.installed("chromium", "chromium")))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--autoplay-policy=no-user-gesture-required")));
        demo.awaitLive("live/demo");
    }

    @Test
    void showsTheLowDelayPictureWithinTwoSecondsAndHlsWithinFive() {
        var lowDelayMs = new ArrayList<Double>();
        var hlsMs = new ArrayList<Double>();
        for (int i = 0; i < TRIES; i++) {
            try (var context = browser.newContext()) {
                var page = open(context.newPage());
                lowDelayMs.add(pictureShownMs(page, LOW_DELAY));
                hlsMs.add(pictureShownMs(page, HLS));
            }
        }
        TestFiles.write("browser-times.txt", "low delay " + lowDelayMs + " ms, HLS " + hlsMs + " ms\n");
        // The best of three: the machine has other things to do, and a page that is too slow is so each time.
        assertThat(lowDelayMs.stream().min(Double::compare))
                .get()
                .as("low delay %s", lowDelayMs)
                .satisfies(best -> assertThat(best).isLessThan(2_000));
        assertThat(hlsMs.stream().min(Double::compare))
                .get()
                .as("HLS %s", hlsMs)
                .satisfies(best -> assertThat(best).isLessThan(5_000));
    }

    @Test
    void theDemoPrintsFourLines() {
        assertThat(demo.printed().lines())
                .hasSize(4)
                .anyMatch(line -> line.contains(demo.http("/")))
                .anyMatch(line -> line.contains(demo.rtmp("live/demo")) && line.contains(demo.hls("live/demo")))
                .anyMatch(
                        line -> line.contains("OBS") && line.contains("rtmp://127.0.0.1:" + demo.rtmpPort() + "/live"))
                .anyMatch(line -> line.contains("Ctrl-C"));
    }

    @Test
    void bothPlayersMoveAndNeitherIsBlack() throws IOException {
        try (var context = browser.newContext()) {
            var page = open(context.newPage());
            for (var player : List.of(LOW_DELAY, HLS)) {
                pictureShownMs(page, player);
                assertMoves(page, player);
            }
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(TestFiles.path("page.png"))
                    .setFullPage(true));
            for (var player : List.of(LOW_DELAY, HLS)) {
                assertPicture(page, player);
            }
        }
    }

    @Test
    void saysWhatIsLiveAndAsksNoOtherHost() {
        var asked = new ArrayList<String>();
        var complaints = new ArrayList<String>();
        try (var context = browser.newContext()) {
            var page = context.newPage();
            page.onRequest(request -> asked.add(request.url()));
            page.onWebSocket(socket -> asked.add(socket.url()));
            page.onPageError(complaints::add);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            open(page);
            pictureShownMs(page, LOW_DELAY);
            pictureShownMs(page, HLS);
            assertThat(page.locator("body").innerText())
                    .contains("live/demo")
                    .contains("H.264")
                    .containsPattern("640\\s*[x×]\\s*360");
        }
        assertThat(asked).anyMatch(url -> url.startsWith("ws://"));
        assertThat(asked)
                .filteredOn(url -> !url.startsWith("blob:") && !url.startsWith("data:"))
                .allSatisfy(
                        url -> assertThat(URI.create(url).getAuthority()).isEqualTo("127.0.0.1:" + demo.httpPort()));
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    private static Page open(Page page) {
        page.navigate(demo.http("/"), new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        return page;
    }

    private static double pictureShownMs(Page page, String player) {
        var shown = new double[1];
        Wait.until(player + " shows a picture", PATIENCE, () -> {
            shown[0] = ((Number) page.evaluate(PICTURE_SHOWN, player)).doubleValue();
            return shown[0] >= 0;
        });
        return shown[0];
    }

    private static void assertMoves(Page page, String player) {
        double first = currentTime(page, player);
        Wait.until(player + " moves on by a second", PATIENCE, () -> currentTime(page, player) > first + 1);
    }

    private static double currentTime(Page page, String player) {
        return ((Number) page.evaluate(CURRENT_TIME, player)).doubleValue();
    }

    /// As a person sees it: neither black nor one colour.
    private static void assertPicture(Page page, String player) throws IOException {
        var file = TestFiles.path("player-" + player + ".png");
        page.locator("video[data-player=\"" + player + "\"]").screenshot(new Locator.ScreenshotOptions().setPath(file));
        var image = ImageIO.read(file.toFile());
        var luma = IntStream.range(0, image.getHeight())
                .flatMap(y -> IntStream.range(0, image.getWidth()).map(x -> luma(image.getRGB(x, y))))
                .toArray();
        double mean = IntStream.of(luma).average().orElseThrow();
        double variance = IntStream.of(luma)
                .mapToDouble(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        assertThat(mean).as("brightness of " + file).isBetween(40.0, 220.0);
        assertThat(variance).as("variance of " + file).isGreaterThan(400);
    }

    private static int luma(int rgb) {
        return (299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff)) / 1000;
    }
}
