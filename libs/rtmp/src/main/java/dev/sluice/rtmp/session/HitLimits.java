package dev.sluice.rtmp.session;

import dev.sluice.rtmp.Limit;
import java.util.EnumSet;
import java.util.Set;

/// Sets of limits, exchanged whole: nearly every session hits none, and all of those share the empty set.
final class HitLimits {
    private HitLimits() {}

    static Set<Limit> with(Set<Limit> before, Limit more) {
        EnumSet<Limit> all = EnumSet.of(more);
        all.addAll(before);
        return all;
    }
}
