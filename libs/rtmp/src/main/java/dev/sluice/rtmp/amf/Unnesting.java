package dev.sluice.rtmp.amf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Reads values that stand inside each other, with a stack of its own, so that the depth of the input is never the
/// depth of a call.
abstract class Unnesting {
    private final Deque<Open> open = new ArrayDeque<>();
    private final int outerLevels;

    /// @param outerLevels containers of another format around what is read here
    Unnesting(int outerLevels) {
        this.outerLevels = outerLevels;
    }

    /// Reads a scalar whole, or opens a container by [#open].
    ///
    /// @return empty if a container was opened
    abstract Optional<Measured> begin();

    final Measured read() {
        Optional<Measured> member = begin();
        while (!open.isEmpty()) {
            Open innermost = open.element();
            member.ifPresent(innermost::add);
            member = innermost.more() ? begin() : Optional.of(open.remove().close());
        }
        return member.orElseThrow();
    }

    final Optional<Measured> open(Open container) {
        open.push(container);
        return Optional.empty();
    }

    /// Where the value stands that begins now; 1 in no container.
    final int depth() {
        return outerLevels + open.size() + 1;
    }
}
