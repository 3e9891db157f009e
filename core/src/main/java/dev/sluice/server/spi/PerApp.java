package dev.sluice.server.spi;

/// Settings that an application may override.
public interface PerApp<S extends Record> {
    /// What holds where an application says nothing.
    S global();

    /// What holds for one application. Cheap; any thread.
    S of(String app);
}
