package dev.sluice.server.spi;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.Viewing;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/// Everybody connected, in one table; every protocol registers here and nowhere else. Any thread.
/// Writes the log lines of a session: when it opens, changes role and ends.
public interface Sessions {
    /// Enters a connection.
    ///
    /// @param kick called, on any thread, when somebody else ends the session; maybe more than once. While the
    ///     server stops it is called at once, on the caller's thread and before `open` returns: an owner that is
    ///     not ready by then posts it to his loop
    Session open(String protocol, InetSocketAddress remote, Consumer<EndReason> kick);

    List<Info> list();

    /// How many play this stream now.
    int viewersOf(StreamName stream);

    interface Session {
        /// Nobody's: says nothing, does nothing.
        Session NONE = new Session() {
            @Override
            public String id() {
                return "-";
            }

            @Override
            public void client(String name) {}

            @Override
            public void role(Role role, StreamName stream) {}

            @Override
            public void watches(Viewing viewing) {}

            @Override
            public void end(EndReason reason, String detail) {}
        };

        /// Short and unique while the server runs; appears in every log line about the session.
        String id();

        /// What the client calls itself; escaped before it is logged.
        void client(String name);

        void role(Role role, StreamName stream);

        /// What a player is being shown, for whoever wants to know how far it is. Takes the place of what it was
        /// before.
        void watches(Viewing viewing);

        /// Called once or more; the first call counts.
        ///
        /// @param detail one readable sentence, or empty
        void end(EndReason reason, String detail);
    }

    enum Role {
        CONNECTED,
        PUBLISHING,
        PLAYING
    }

    /// A row of the table.
    ///
    /// @param client what it calls itself, as it came
    /// @param stream `-` while there is none
    /// @param openedAtMs wall clock, milliseconds since 1970
    /// @param viewing what it is shown, or was before it paused; [Viewing#NONE] where nothing is, and where
    ///     segments are fetched
    record Info(
            String id,
            String protocol,
            InetSocketAddress remote,
            String client,
            Role role,
            String stream,
            long openedAtMs,
            Viewing viewing) {}
}
