package dev.sluice.rtmp.amf;

import java.util.ArrayList;
import java.util.List;

/// An array of so many values.
final class OpenItems extends Open {
    private final List<AmfValue> items = new ArrayList<>();
    private final int count;

    OpenItems(References.Slot slot, int count) {
        super(slot);
        this.count = count;
    }

    @Override
    boolean more() {
        return items.size() < count;
    }

    @Override
    void take(AmfValue member) {
        items.add(member);
    }

    @Override
    AmfValue value() {
        return new AmfValue.StrictArray(items);
    }
}
