package dev.sluice.rtmp.amf;

/// A container whose members are being read. Adds up what they cost.
abstract class Open {
    private final References.Slot slot;
    private int values = 1;
    private int levels = 1;
    private int bytes;

    Open(References.Slot slot) {
        this.slot = slot;
    }

    /// Reads what stands in front of a member, such as its name.
    ///
    /// @return false where none follows, and the end is read
    abstract boolean more();

    abstract void take(AmfValue member);

    abstract AmfValue value();

    final void add(Measured member) {
        values += member.values();
        levels = Math.max(levels, member.levels() + 1);
        bytes += member.bytes();
        take(member.value());
    }

    final void addBytes(int more) {
        bytes += more;
    }

    final Measured close() {
        Measured complete = new Measured(value(), values, levels, bytes);
        slot.complete(complete);
        return complete;
    }
}
