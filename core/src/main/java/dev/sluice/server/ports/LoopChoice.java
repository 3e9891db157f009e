package dev.sluice.server.ports;

import dev.sluice.server.netty.NettyLoop;
import java.util.List;

/// Which loop carries a new connection: the one that carries the fewest, in turn where several do. Taking turns alone
/// would put all viewers on one loop where short and long connections alternate, as players do that look first.
/// Owned by the accept loop.
final class LoopChoice {
    private final List<NettyLoop> loops;
    private final int[] open;
    private int turn;

    /// @param loops at least one
    LoopChoice(List<NettyLoop> loops) {
        this.loops = List.copyOf(loops);
        this.open = new int[loops.size()];
    }

    /// Counts until [#closed].
    NettyLoop take() {
        int best = turn;
        for (int i = 1; i < open.length; i++) {
            int candidate = (turn + i) % open.length;
            if (open[candidate] < open[best]) {
                best = candidate;
            }
        }
        turn = (best + 1) % open.length;
        open[best]++;
        return loops.get(best);
    }

    void closed(NettyLoop loop) {
        open[loops.indexOf(loop)]--;
    }
}
