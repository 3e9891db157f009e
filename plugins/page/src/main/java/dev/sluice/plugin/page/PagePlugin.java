package dev.sluice.plugin.page;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.ServerWide;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Plugin;
import dev.sluice.server.spi.ServerContext;
import java.io.IOException;

/// Serves the page at `/`, its files under `/-/`, what is live as `/-/streams.json`, and to the operator what is
/// connected as `/-/sessions.json` and how often limits were hit as `/-/limits.json`. No application name begins with
/// `-`, so none of these paths hides a stream. Only files of a fixed list are served, all from memory.
public final class PagePlugin implements Plugin<PagePlugin.Settings> {
    /// What an operator may set.
    ///
    /// @param enabled whether the page is served at all
    public record Settings(
            @ServerWide @Doc("Serve the page at / that lists and plays live streams.")
            boolean enabled) {}

    @Override
    public String name() {
        return "page";
    }

    @Override
    public Settings defaults() {
        return new Settings(true);
    }

    /// @throws IOException when a file of the page is not on the class path
    @Override
    public AutoCloseable start(ServerContext server, PerApp<Settings> settings) throws IOException {
        if (settings.global().enabled()) {
            for (var file : PageFiles.load()) {
                server.http().get(file.path(), file::serve);
            }
            var listing = new Listing(server, System::currentTimeMillis);
            server.http().get(Listing.PATH, listing::serve);
            server.http().get(LimitCounts.PATH, new OperatorOnly(server, new LimitCounts(server)::serve));
            server.http().get(SessionList.PATH, new OperatorOnly(server, new SessionList(server)::serve));
        }
        return () -> {};
    }
}
