package dev.sluice.rtmp.amf;

import dev.sluice.rtmp.RtmpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Values that a reference may name, in the order in which they begin.
final class References {
    /// The place of one value, which begins before it is complete.
    static final class Slot {
        private Optional<Measured> complete = Optional.empty();

        void complete(Measured value) {
            complete = Optional.of(value);
        }
    }

    private final List<Slot> slots = new ArrayList<>();

    Slot begin() {
        Slot slot = new Slot();
        slots.add(slot);
        return slot;
    }

    Measured add(Measured complete) {
        begin().complete(complete);
        return complete;
    }

    /// @return empty while the value is being read
    Optional<Measured> find(int number) {
        if (number >= slots.size()) {
            throw RtmpException.protocol("AMF reference %d names nothing.", number);
        }
        return slots.get(number).complete;
    }
}
