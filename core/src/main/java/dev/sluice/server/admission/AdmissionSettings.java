package dev.sluice.server.admission;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// The brake on guessing keys and passwords.
///
/// @param maxFailures wrong answers of one address for one stream, or for one user, within a minute
/// @param blockMs how long whoever reached it is refused, even with the right answer, milliseconds
@Doc("The brake on guessing keys and passwords.")
public record AdmissionSettings(
        @Doc("Wrong keys or passwords of one address for one stream or user within a minute; then it is blocked.")
        @Range(min = 1, max = 1_000_000)
        int maxFailures,

        @Doc("How long it is blocked, milliseconds. The right key is refused too meanwhile.")
        @Range(min = 1_000, max = 86_400_000)
        int blockMs) {
    public static final AdmissionSettings DEFAULTS = new AdmissionSettings(5, 60_000);
}
