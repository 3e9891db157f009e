package dev.sluice.e2e;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The page of a stream in Chromium with its two players, each of whose pictures is noted when it is shown.
final class WatchedPage implements AutoCloseable {
    static final String LOW_DELAY = "low-delay";
    static final String HLS = "hls";
    /// A step of media time below this is rounding.
    private static final String WATCH = """
            () => {
              window.seen = {};
              for (const player of ['low-delay', 'hls']) {
                const video = document.querySelector(`video[data-player="${player}"]`);
                const seen = {last: performance.now(), stall: 0, pictures: 0, back: 0, media: -1, errors: []};
                window.seen[player] = seen;
                video.addEventListener('error', () => seen.errors.push(`${player}: ${video.error?.message}`));
                const shown = (now, picture) => {
                  seen.stall = Math.max(seen.stall, now - seen.last);
                  seen.last = now;
                  seen.back += picture.mediaTime < seen.media - 0.001 ? 1 : 0;
                  seen.media = picture.mediaTime;
                  seen.pictures++;
                  video.requestVideoFrameCallback(shown);
                };
                video.requestVideoFrameCallback(shown);
              }
            }""";

    private static final String MARK = """
            () => Object.values(window.seen).forEach(seen => { seen.stall = 0; })""";
    /// What changes when a page is loaded anew, or a player begins anew.
    private static final String IDENTITY = """
            player => [performance.timeOrigin, document.querySelector(`video[data-player="${player}"]`).src].join(' ')""";

    private final Page page;
    private final List<String> sockets = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private String lowDelay = "";
    private String hls = "";

    WatchedPage(Chromium browser, String url) {
        page = browser.newPage();
        page.onWebSocket(socket -> sockets.add(socket.url()));
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.navigate(url);
        page.waitForSelector("video[data-player=\"hls\"]");
        page.evaluate(WATCH);
    }

    int count(String player) {
        return ((Number) seen(player).get("pictures")).intValue();
    }

    private Map<?, ?> seen(String player) {
        return (Map<?, ?>) page.evaluate("player => window.seen[player]", player);
    }

    /// Stalls count from now on, and so does who is connected.
    void mark() {
        page.evaluate(MARK);
        lowDelay = identity(LOW_DELAY);
        hls = identity(HLS);
    }

    private String identity(String player) {
        return (String) page.evaluate(IDENTITY, player);
    }

    Seen stop(String player) {
        var seen = seen(player);
        var errors = new ArrayList<>(complaints);
        ((List<?>) seen.get("errors")).forEach(error -> errors.add(error.toString()));
        int disconnects = player.equals(LOW_DELAY)
                ? sockets.size() - 1 + (identity(player).equals(lowDelay) ? 0 : 1)
                : identity(player).equals(hls) ? 0 : 1;
        return new Seen(number(seen, "stall"), -1, disconnects, (int) number(seen, "back"), errors);
    }

    private static double number(Map<?, ?> seen, String name) {
        return ((Number) seen.get(name)).doubleValue();
    }

    @Override
    public void close() {
        page.close();
    }
}
