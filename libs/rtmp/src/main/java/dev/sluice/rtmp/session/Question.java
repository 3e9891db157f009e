package dev.sluice.rtmp.session;

import dev.sluice.rtmp.StreamPath;

/// What the session waits for. At most one is open, because nothing is read meanwhile.
sealed interface Question {
    Question NONE = new None();

    int id();

    record None() implements Question {
        @Override
        public int id() {
            return 0;
        }
    }

    record Connect(int id, double transactionId) implements Question {}

    record Publish(int id, int msid, StreamPath path) implements Question {}

    record Play(int id, int msid, boolean reset) implements Question {}
}
