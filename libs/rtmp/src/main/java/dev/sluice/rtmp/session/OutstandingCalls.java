package dev.sluice.rtmp.session;

import dev.sluice.rtmp.RtmpLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/// Calls to the peer that wait for an answer. Their numbers have nothing to do with those of the peer's calls.
final class OutstandingCalls {
    /// Numbers begin behind that of `connect`.
    private static final int FIRST = 2;

    private final int most;
    private final long timeoutNs;
    /// When each was made, oldest first.
    private Map<Integer, Long> madeNs = Map.of();
    private int next = FIRST;

    OutstandingCalls(RtmpLimits.Calls limits) {
        this.most = limits.outstanding();
        this.timeoutNs = TimeUnit.MILLISECONDS.toNanos(limits.timeoutMs());
    }

    /// @return the transaction id of a new call; empty if too many wait already
    Optional<Integer> begin(long nowNs) {
        if (madeNs.size() >= most) {
            return Optional.empty();
        }
        if (madeNs.isEmpty()) {
            madeNs = new LinkedHashMap<>(); // most sessions call nobody
        }
        madeNs.put(next, nowNs);
        return Optional.of(next++);
    }

    /// @return the call that was answered; empty for an answer to nothing that waits
    Optional<Integer> answered(double transactionId) {
        int id = (int) transactionId;
        if (id != transactionId || !madeNs.containsKey(id)) {
            return Optional.empty();
        }
        madeNs.remove(id);
        return Optional.of(id);
    }

    /// Takes out those that waited too long.
    List<Integer> takeExpired(long nowNs) {
        return take(made -> nowNs - made >= timeoutNs);
    }

    List<Integer> takeAll() {
        return take(made -> true);
    }

    private List<Integer> take(LongPredicate which) {
        if (madeNs.isEmpty()) {
            return List.of();
        }
        List<Integer> taken = new ArrayList<>();
        madeNs.forEach((id, made) -> {
            if (which.test(made)) {
                taken.add(id);
            }
        });
        madeNs.keySet().removeAll(taken);
        return taken;
    }
}
