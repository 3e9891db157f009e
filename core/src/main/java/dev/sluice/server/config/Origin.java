package dev.sluice.server.config;

/// Where a value was written: `sluice.yaml:12`, `SLUICE_HTTP_PORT`, `--set`, or the word for a built-in default.
record Origin(String place) {
    static final Origin DEFAULTS = new Origin("defaults");

    @Override
    public String toString() {
        return place;
    }
}
