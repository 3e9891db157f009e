package dev.sluice.server.spi;

/// What a folder under `plugins/` offers. Found by `ServiceLoader`.
///
/// @param <S> its settings: a record whose components are the configuration keys, and whose Javadoc documents
///     them
public interface Plugin<S extends Record> {
    /// Its section in the configuration, and its name in logs, such as `http-flv`.
    String name();

    /// The one place where the defaults stand.
    S defaults();

    /// Starts serving; called once, on the main thread. Closing ends everything it opened.
    AutoCloseable start(ServerContext server, PerApp<S> settings) throws Exception;
}
