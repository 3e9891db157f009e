package dev.sluice.rtmp.amf;

/// A value with what it costs to walk it.
///
/// @param values it and all that is in it, references resolved
/// @param levels 1 for a value that holds no other
/// @param bytes of text in it
record Measured(AmfValue value, int values, int levels, int bytes) {
    static Measured plain(AmfValue value) {
        return new Measured(value, 1, 1, 0);
    }

    static Measured text(AmfValue value, int bytes) {
        return new Measured(value, 1, 1, bytes);
    }
}
