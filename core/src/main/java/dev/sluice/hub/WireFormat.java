package dev.sluice.hub;

/// A format of finished bytes: a value. Each stream keeps one log of bytes per format that somebody watches.
/// Equal formats share their bytes, so everything that changes a byte belongs into `equals`.
///
/// @param <P> what stands before the first byte of a viewer: see [WireWriter#prologue]
public interface WireFormat<P> {
    /// For logs, such as `flv`.
    String name();

    /// Makes the packager that turns one stream's entries into these bytes.
    Packager<P> packager(WireWriter<P> out);
}
