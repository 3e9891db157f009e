package dev.sluice.plugin.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// Every file the page consists of. What is not named here is not served.
final class PageFiles {
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String HLS_JS_PROPERTIES = "/META-INF/maven/org.webjars.npm/hls.js/pom.properties";

    private static final List<String> MODULES = List.of(
            "backoff.js",
            "codecs.js",
            "dom.js",
            "feed.js",
            "fmp4.js",
            "format.js",
            "hls-stream.js",
            "live-edge.js",
            "low-delay.js",
            "media-buffer.js",
            "names.js",
            "page.js",
            "players.js",
            "publish.js",
            "streams.js",
            "watch.js");

    private PageFiles() {}

    /// Reads all of them from the class path.
    ///
    /// @throws IOException when one is not there
    static List<WebFile> load() throws IOException {
        var files = new ArrayList<WebFile>();
        files.add(WebFile.page("/", read("index.html")));
        files.add(WebFile.of("/-/page.css", "text/css; charset=utf-8", read("page.css")));
        files.add(WebFile.of("/-/icon.svg", "image/svg+xml", read("icon.svg")));
        for (var module : MODULES) {
            files.add(WebFile.of("/-/" + module, JAVASCRIPT, read(module)));
        }
        files.add(WebFile.of("/-/hls.js", JAVASCRIPT, read(hlsJs())));
        return files;
    }

    /// Where the library lies in its WebJar. The version in the path is the one the build chose; it stands
    /// nowhere else.
    private static String hlsJs() throws IOException {
        var properties = new Properties();
        try (var in = PageFiles.class.getResourceAsStream(HLS_JS_PROPERTIES)) {
            if (in == null) {
                throw missing(HLS_JS_PROPERTIES);
            }
            properties.load(in);
        }
        return "/META-INF/resources/webjars/hls.js/" + properties.getProperty("version") + "/dist/hls.min.js";
    }

    /// @param resource absolute, or beside this class
    private static byte[] read(String resource) throws IOException {
        try (var in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw missing(resource);
            }
            return in.readAllBytes();
        }
    }

    private static IOException missing(String resource) {
        return new FileNotFoundException("the page needs " + resource + ", which is not on the class path");
    }
}
