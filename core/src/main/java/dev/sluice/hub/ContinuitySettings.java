package dev.sluice.hub;

import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// What happens to a stream when its publisher is lost, or when a second one comes. An application may override it.
///
/// @param secondPublisher what becomes of somebody who may publish a stream that is being published
/// @param waitMs how long a stream waits for a publisher whose connection was lost, milliseconds; 0 ends it at once
/// @param goodbyeMs the same for a publisher that said goodbye
public record ContinuitySettings(
        @Doc(
                "When a second publisher comes who may publish the same stream: 'takeover' (it goes on with the second, from "
                        + "its first key frame on), 'refuse' (while the first still sends), 'standby' (the second waits until the "
                        + "first is gone).")
        SecondPublisher secondPublisher,

        @Doc(
                "A publisher whose connection was lost is awaited for this long, in milliseconds; viewers stay. 0 ends the "
                        + "stream at once.")
        @Range(min = 0, max = 86_400_000)
        int waitMs,

        @Doc("The same for a publisher that said goodbye.") @Range(min = 0, max = 86_400_000)
        int goodbyeMs) {
    public static final ContinuitySettings DEFAULTS = new ContinuitySettings(SecondPublisher.TAKEOVER, 60_000, 2_000);

    /// What a second publisher with the right to a stream gets.
    public enum SecondPublisher {
        TAKEOVER,
        REFUSE,
        STANDBY
    }

    /// How long a stream waits for the next publisher.
    int waitMsAfter(EndReason why) {
        return switch (why) {
            case SERVER_STOPPING -> 0;
            case CLIENT_DONE, KICKED -> goodbyeMs;
            default -> waitMs;
        };
    }
}
