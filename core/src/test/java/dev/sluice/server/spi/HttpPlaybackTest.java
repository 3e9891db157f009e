package dev.sluice.server.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Framing;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.Lag;
import dev.sluice.hub.Loop;
import dev.sluice.hub.ManualLoop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.Packager;
import dev.sluice.hub.Publication;
import dev.sluice.hub.RecordingOutlet;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.StreamState;
import dev.sluice.hub.TestPublisher;
import dev.sluice.hub.Viewing;
import dev.sluice.hub.WireFormat;
import dev.sluice.hub.WireRecord;
import dev.sluice.hub.WireWriter;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.session.SessionTable;
import dev.sluice.server.spi.Http.Exchange;
import io.netty.channel.Channel;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpPlaybackTest {
    private static final Track TRACK = new Track(0, Codec.VP6, new CodecConfig.Opaque(Payload.EMPTY));
    private static final StreamName NAME = new StreamName("live", "cam");
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4711);

    /// Where a session breaks.
    private enum Fault {
        OPEN,
        ROLE
    }

    private final ManualLoop home = new ManualLoop();
    private final ManualLoop loop = new ManualLoop();
    private final Hub hub = new Hub(HubSettings.DEFAULTS, () -> 0);
    private final Publication publication = TestPublisher.publish(hub, NAME, home);
    private final SessionTable table = new SessionTable(() -> 0, () -> 0);
    private final LimitHits limits = new LimitHits(new ManualLoop(), 60_000);
    private Optional<Fault> fault = Optional.empty();
    private final HttpPlayback<String> onePlace = new HttpPlayback<>(
            server(), "test", "video/test", app -> 1, exchange -> new PlainFormat(), ClosingFraming::new);
    private long dtsNs;

    @AfterEach
    void everybodyLeaves() {
        home.call(() -> publication.close(EndReason.PUBLISHER_LEFT));
        runAll();
        assertThat(table.list()).isEmpty();
        home.advanceMs(60_000);
        runAll();
        assertThat(hub.budget().usedBytes()).as("all bytes are given back").isZero();
    }

    private Request ask() {
        var request = new Request();
        loop.call(() -> onePlace.handle(request));
        runAll();
        return request;
    }

    private void runAll() {
        for (int i = 0; i < 5; i++) {
            home.runAll();
            loop.runAll();
        }
    }

    @Test
    void aViewerTakesAPlaceAndGivesItBackWhenHeLeaves() {
        var first = ask();
        assertThat(first.watches()).isTrue();
        assertThat(table.viewersOf(NAME)).isEqualTo(1);
        assertThat(ask().status).isEqualTo(503);
        assertThat(limits.counts()).containsEntry("viewers", 1L);

        table.kickAll(EndReason.KICKED);
        runAll();

        assertThat(first.outlet.closed()).isTrue();
        assertThat(ask().watches()).isTrue();
    }

    @Test
    void aConnectionThatCannotBeTakenOverTakesNoPlaceAndIsAnswered() {
        var broken = new Request();
        broken.breaks = true;
        loop.call(() -> onePlace.handle(broken));
        runAll();

        assertThat(broken.status).isEqualTo(500);
        assertThat(table.list()).isEmpty();
        assertThat(ask().watches()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFailureAfterTheTakeOverGivesEverythingBack(Fault where) {
        fault = Optional.of(where);
        var unlucky = ask();
        fault = Optional.empty();

        assertThat(unlucky.outlet.closed()).isTrue();
        assertThat(unlucky.status)
                .as("an answer after the take-over is impossible")
                .isZero();
        assertThat(table.list()).isEmpty();
        assertThat(ask().watches()).isTrue();
    }

    @Test
    void countsWhoFallsBehindAndWhoTakesNothing() {
        home.call(() -> publication.write(new TracksChanged(0, List.of(TRACK), 1)));
        var slow = ask();
        publish(30);
        assertThat(lag().ns()).isZero();
        slow.outlet.writable(false);
        publish(50);
        assertThat(lag().ns()).as("the table shows it").isPositive();
        slow.outlet.writable(true);
        runAll();
        assertThat(limits.counts()).containsEntry("viewer-lag", 1L).containsEntry("viewer-stall", 0L);

        slow.outlet.writable(false);
        publish(120);
        assertThat(limits.counts()).containsEntry("viewer-lag", 1L).containsEntry("viewer-stall", 1L);
        assertThat(slow.outlet.closed()).isTrue();
    }

    private Lag lag() {
        return table.list().getFirst().viewing().lag();
    }

    /// Key frames, 100 ms apart, as time passes.
    private void publish(int frames) {
        for (int i = 0; i < frames; i++) {
            dtsNs += 100_000_000L;
            home.advanceMs(100);
            loop.advanceMs(100);
            home.call(() -> publication.write(
                    new Frame(TRACK, dtsNs, dtsNs, FrameKind.KEY, Payload.of(new byte[] {1, 2, 3, 4}))));
            runAll();
        }
    }

    @Test
    void aKickBeforeTheFirstByteIsNotForgotten() {
        table.kickAll(EndReason.SERVER_STOPPING);

        var late = ask();

        assertThat(late.outlet.closed()).isTrue();
        assertThat(table.list()).isEmpty();
    }

    /// What this test does not use is not there.
    private ServerContext server() {
        return (ServerContext) Proxy.newProxyInstance(
                ServerContext.class.getClassLoader(),
                new Class<?>[] {ServerContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hub" -> hub;
                    case "limits" -> limits;
                    case "sessions" -> new FaultySessions();
                    case "admission" ->
                        (Admission) request -> CompletableFuture.completedFuture(new Admission.Granted(NAME));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /// The table, or what goes wrong instead.
    private final class FaultySessions implements Sessions {
        @Override
        public Session open(String protocol, InetSocketAddress remote, Consumer<EndReason> kick) {
            fail(Fault.OPEN);
            var session = table.open(protocol, remote, kick);
            return new Session() {
                @Override
                public String id() {
                    return session.id();
                }

                @Override
                public void client(String name) {
                    session.client(name);
                }

                @Override
                public void role(Role role, StreamName stream) {
                    fail(Fault.ROLE);
                    session.role(role, stream);
                }

                @Override
                public void watches(Viewing viewing) {
                    session.watches(viewing);
                }

                @Override
                public void end(EndReason reason, String detail) {
                    session.end(reason, detail);
                }
            };
        }

        private void fail(Fault here) {
            if (fault.equals(Optional.of(here))) {
                throw new IllegalStateException("as asked");
            }
        }

        @Override
        public List<Info> list() {
            return table.list();
        }

        @Override
        public int viewersOf(StreamName stream) {
            return table.viewersOf(stream);
        }
    }

    private final class Request implements Exchange {
        private final RecordingOutlet outlet = new RecordingOutlet(loop);
        private boolean breaks;
        private boolean takenOver;
        private int status;

        boolean watches() {
            return takenOver && !outlet.closed();
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public InetSocketAddress remote() {
            return REMOTE;
        }

        @Override
        public String param(String name) {
            return name.equals("app") ? NAME.app() : NAME.name();
        }

        @Override
        public Map<String, String> query() {
            return Map.of();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.of("a player");
        }

        @Override
        public void respond(int status, String contentType, Map<String, String> headers, byte[] body) {
            this.status = status;
        }

        @Override
        public void fail(int status, String why) {
            this.status = status;
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }

        @Override
        public InetSocketAddress local() {
            return remote();
        }

        @Override
        public Channel takeOverStream(String subprotocol, int maxMessageBytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outlet takeOver(String contentType) {
            if (breaks) {
                throw new IllegalArgumentException("no head");
            }
            takenOver = true;
            return outlet;
        }

        @Override
        public void onClosed(Runnable gone) {}
    }

    private record PlainFormat() implements WireFormat<String> {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public Packager<String> packager(WireWriter<String> out) {
            return new Packager<>() {
                @Override
                public void state(StreamState state) {
                    out.prologue("a prologue");
                }

                @Override
                public void frame(Frame frame, boolean join) {
                    frame.payload().writeTo(out.begin(frame.payload().length()));
                    out.end(frame.dtsNs(), join, 0);
                }
            };
        }
    }

    private static final class ClosingFraming implements Framing<String> {
        @Override
        public void join(String prologue, WireRecord<String> first, Outlet outlet) {}

        @Override
        public void end(EndReason why, Outlet outlet) {
            outlet.close();
        }
    }
}
