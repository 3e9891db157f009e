package dev.sluice.server.config;

import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.AppSettings.PublishPolicy;
import java.util.Locale;

/// Refuses to open the server to other machines before somebody said who may publish. A server that was only
/// tried out must not become a stranger's stage.
public final class SafeStart {
    private SafeStart() {}

    /// Looks at the address and at who may publish.
    ///
    /// @throws ConfigError saying what to write
    public static void check(Settings settings) throws ConfigError {
        checkKeysAreUsed(settings);
        var server = settings.server();
        var open = server.openTo();
        if (open.isEmpty()) {
            return;
        }
        if (server.publish() == PublishPolicy.LOOPBACK) {
            throw new ConfigError("listening on " + open.get() + " lets other machines in, but nothing says who may"
                    + " publish.\nWrite 'publish: keys' and 'apps: { live: { keys: { mystream: SECRET } } }', or"
                    + " 'publish: open' (--set publish=open) if anyone may.");
        }
        if (server.publish() == PublishPolicy.KEYS && noKeys(settings)) {
            throw new ConfigError("publish is 'keys', but there is no key, so nobody could publish.\nWrite"
                    + " 'apps: { live: { keys: { mystream: SECRET } } }' (--set apps.live.keys.mystream=SECRET).");
        }
    }

    /// Who writes keys wants them asked for, on loopback too.
    private static void checkKeysAreUsed(Settings settings) throws ConfigError {
        for (var name : settings.appNames()) {
            var app = settings.apps().of(name);
            if (knowsSomebody(app) && app.publish() != PublishPolicy.KEYS) {
                throw new ConfigError("apps." + name + " has keys or users, but nobody is asked for them: publish is '"
                        + app.publish().name().toLowerCase(Locale.ROOT)
                        + "'.\nWrite 'publish: keys', for the server or for"
                        + " this application.");
            }
        }
    }

    /// An application of its own policy is a way to publish too.
    private static boolean noKeys(Settings settings) {
        return settings.appNames().stream()
                .map(settings.apps()::of)
                .allMatch(app -> app.publish() == PublishPolicy.KEYS && !knowsSomebody(app));
    }

    private static boolean knowsSomebody(AppSettings app) {
        return !app.keys().isEmpty() || !app.users().isEmpty();
    }
}
