package dev.sluice.hub;

import dev.sluice.hub.ContinuitySettings.SecondPublisher;
import dev.sluice.hub.Hub.Busy;
import dev.sluice.hub.Hub.PublishOutcome;
import dev.sluice.hub.Hub.Started;
import dev.sluice.media.Entry;
import dev.sluice.media.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Decides which publication feeds a stream. Publishers come and go; the stream stays.
///
/// One publication feeds at a time. Others are candidates, whose frames are looked at and not kept: one takes over
/// with its first key frame, at once or when the one before is gone. When nobody feeds, the stream waits a while.
///
/// *Fights.* Who was displaced while he still sent must not take the stream back by coming again, as encoders do by
/// themselves. Whether somebody still sends is not known at once: a cut cable looks like silence. So who was displaced
/// is listened to for a moment before he is told, and when he asks again, the question stays open until a frame of the
/// other arrives ("refused") or none does for a while ("accepted").
///
/// Owned by the stream's home loop.
final class Publishers {
    private static final long MS = 1_000_000L;
    /// A frame that arrives this long after a question was not under way when it was asked.
    private static final long STILL_SENDS_NS = 100 * MS;

    private static final int SILENT_MS = 1_000;
    /// How long somebody who was displaced is listened to.
    private static final int LISTEN_MS = 200;

    private static final int MAX_CANDIDATES = 4;

    /// Somebody who gets his answer when it is known whether the present publisher still sends.
    private record Question(Claim claim, Consumer<PublishOutcome> answer, long sinceNs) {}

    private final LiveStream stream;
    private final ContinuitySettings settings;
    private final Fights fights = new Fights();
    private final Deque<Candidate> candidates = new ArrayDeque<>();
    private final Set<Publication> displaced = new HashSet<>();
    private final List<Question> questions = new ArrayList<>();
    private Optional<Publication> feeding = Optional.empty();
    private Loop.Cancellable patience = () -> {};
    private int lastEpoch;

    Publishers(LiveStream stream, ContinuitySettings settings) {
        this.stream = stream;
        this.settings = settings;
    }

    /// Answers at once, or within a second. Not after the stream has ended.
    void claim(Claim claim, Consumer<PublishOutcome> answer) {
        if (candidates.size() + questions.size() >= MAX_CANDIDATES) {
            answer.accept(new Busy(stream.name() + ": too many publishers wait for it"));
        } else if (feeding.isEmpty() || !asksFirst(claim)) {
            answer.accept(new Started(admit(claim)));
        } else {
            var question = new Question(claim, answer, now());
            questions.add(question);
            stream.home().after(SILENT_MS, () -> settle(question));
        }
    }

    private boolean asksFirst(Claim claim) {
        return switch (settings.secondPublisher()) {
            case TAKEOVER -> fights.forbid(claim.who(), now());
            case REFUSE -> true;
            case STANDBY -> false;
        };
    }

    private Publication admit(Claim claim) {
        var publication = new Publication(stream, ++lastEpoch, claim);
        if (lastEpoch == 1) {
            feeding = Optional.of(publication);
            stream.begin();
            stream.happened(StreamEvent.Kind.PUBLISHED, "Published.");
        } else {
            boolean mayDisplace = settings.secondPublisher() != SecondPublisher.STANDBY;
            candidates.addLast(new Candidate(publication, mayDisplace));
        }
        return publication;
    }

    /// The present publisher has been silent since the question was asked, or is gone.
    private void settle(Question question) {
        if (questions.remove(question)) {
            question.answer.accept(
                    stream.hasEnded()
                            ? new Busy(stream.name() + " has ended: publish again")
                            : new Started(admit(question.claim)));
        }
    }

    void write(Publication from, Entry entry) {
        if (feeds(from)) {
            stream.append(entry, from);
            if (!questions.isEmpty() && entry instanceof Frame) {
                refuseWhoAskedBefore(now() - STILL_SENDS_NS);
            }
            return;
        }
        find(from).ifPresent(candidate -> consider(candidate, entry));
        if (entry instanceof Frame && displaced.contains(from)) {
            fights.displaced(from.claim().who(), now());
        }
    }

    @SuppressWarnings("ReferenceEquality") // another publication is another
    private boolean feeds(Publication publication) {
        return feeding.isPresent() && feeding.get() == publication;
    }

    @SuppressWarnings("ReferenceEquality") // see above
    private Optional<Candidate> find(Publication publication) {
        return candidates.stream()
                .filter(candidate -> candidate.publication() == publication)
                .findFirst();
    }

    private void refuseWhoAskedBefore(long beforeNs) {
        for (var question : List.copyOf(questions)) {
            if (question.sinceNs <= beforeNs && questions.remove(question)) {
                var why = stream.name() + " is being published by another encoder: stop that one, or publish under "
                        + "another name";
                fights.refused(question.claim.who(), now());
                stream.happened(
                        StreamEvent.Kind.REFUSED, "Another publisher was refused: the present one still sends.");
                question.answer.accept(new Busy(why));
            }
        }
    }

    private void consider(Candidate candidate, Entry entry) {
        boolean starts = candidate.startsWith(entry, stream.state(), now());
        if (starts && (feeding.isEmpty() || candidate.mayDisplace()) && entry instanceof Frame first) {
            switchTo(candidate, first);
        }
    }

    private void switchTo(Candidate candidate, Frame first) {
        candidates.remove(candidate);
        patience.cancel();
        var before = feeding;
        feeding = Optional.of(candidate.publication());
        long silentMs = (now() - stream.lastArrivalNs()) / MS;
        if (before.isPresent()) {
            displace(before.get());
            stream.happened(
                    StreamEvent.Kind.TAKEN_OVER,
                    "Another publisher took over, " + silentMs + " ms after the last frame.");
        } else {
            stream.happened(StreamEvent.Kind.RESUMED, "A publisher is back after " + silentMs + " ms.");
        }
        stream.begin(candidate.publication(), candidate.state(), first);
    }

    private void displace(Publication publication) {
        displaced.add(publication);
        stream.home().after(LISTEN_MS, () -> {
            displaced.remove(publication);
            var claim = publication.claim();
            claim.loop().execute(() -> claim.onDisplaced().accept("another publisher has taken over " + stream.name()));
        });
    }

    void close(Publication publication, EndReason why) {
        if (!feeds(publication)) {
            find(publication).ifPresent(candidates::remove);
            return;
        }
        feeding = Optional.empty();
        List.copyOf(questions).forEach(this::settle);
        int waitMs = settings.waitMsAfter(why);
        boolean worthWaiting = stream.hasMedia() && waitMs > 0;
        if (worthWaiting || !candidates.isEmpty()) {
            stream.pause(why, Math.max(waitMs, candidates.isEmpty() ? 0 : settings.waitMs()));
            await(waitMs);
        } else {
            stream.end(why == EndReason.SERVER_STOPPING ? why : EndReason.PUBLISHER_LEFT);
        }
    }

    private void await(int ms) {
        patience = stream.home().after(ms, () -> {
            if (candidates.isEmpty()) {
                stream.end(EndReason.PUBLISHER_LEFT);
            } else {
                await(Math.max(ms, SILENT_MS)); // somebody is there and has sent no key frame yet
            }
        });
    }

    private long now() {
        return stream.home().nowNs();
    }
}
