package dev.sluice.plugin.hls;

import dev.sluice.hub.EndReason;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.Loop;
import dev.sluice.hub.ManualLoop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.TestPublisher;
import dev.sluice.hub.Viewing;
import dev.sluice.media.Codec;
import dev.sluice.media.CodecConfig;
import dev.sluice.media.Frame;
import dev.sluice.media.FrameKind;
import dev.sluice.media.Gap;
import dev.sluice.media.Payload;
import dev.sluice.media.Track;
import dev.sluice.media.TracksChanged;
import dev.sluice.media.codec.aac.AacConfig;
import dev.sluice.media.codec.h264.AvcConfig;
import dev.sluice.segments.SegmentSettings;
import dev.sluice.segments.Segments;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.spi.Admission;
import dev.sluice.server.spi.AppSettings;
import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.PerApp;
import dev.sluice.server.spi.Ports;
import dev.sluice.server.spi.ServerContext;
import dev.sluice.server.spi.Sessions;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// A server with a real hub and real segments on one loop turned by hand; HTTP, sessions and admission are fakes.
final class FakeServer implements ServerContext {
    static final StreamName NAME = new StreamName("live", "test");
    static final Track VIDEO = new Track(
            0,
            Codec.H264,
            AvcConfig.parse(
                    hex("0164000cffe1001a6764000cacd941419f9f011000000300100000030320f142996001000668ebe3cb22c0fd"
                            + "f8f800")));
    static final Track AUDIO = new Track(0, Codec.AAC, AacConfig.parse(hex("1190")));
    static final Track MP3 = new Track(0, Codec.MP3, new CodecConfig.Opaque(Payload.EMPTY));

    final ManualLoop loop = new ManualLoop();
    private final Limits limits = new LimitHits(loop, 60_000);
    final Hub hub = new Hub(HubSettings.DEFAULTS, () -> 1_800_000_000_000L);
    final Segments segments = new Segments(hub, always(SegmentSettings.DEFAULTS), () -> 1_800_000_000_000L);
    final Map<String, Http.Handler> routes = new LinkedHashMap<>();
    final List<FakeSession> sessionsOpened = new ArrayList<>();
    final List<Admission.AccessRequest> asked = new ArrayList<>();
    Admission.Verdict verdict = new Admission.Granted(NAME);
    Optional<Publication> publication = Optional.empty();

    static <S extends Record> PerApp<S> always(S settings) {
        return new PerApp<>() {
            @Override
            public S global() {
                return settings;
            }

            @Override
            public S of(String app) {
                return settings;
            }
        };
    }

    static AutoCloseable start(FakeServer server) {
        return start(server, HlsSettings.DEFAULTS);
    }

    static AutoCloseable start(FakeServer server, HlsSettings settings) {
        return new HlsPlugin().start(server, always(settings));
    }

    /// Somebody asks for it from the beginning on.
    void publish(Track... tracks) {
        publishUnwatched(tracks);
        loop.call(() -> segments.want(NAME));
    }

    void publishUnwatched(Track... tracks) {
        loop.call(() -> publication = Optional.of(TestPublisher.publish(hub, NAME, loop)));
        loop.call(() -> publication.orElseThrow().write(new TracksChanged(0, List.of(tracks), 1)));
    }

    /// Video at 25 frames per second with a key frame every second, and audio.
    void media(long fromMs, long toMs) {
        for (long ms = fromMs; ms < toMs; ms += 20) {
            if (ms % 40 == 0) {
                frame(VIDEO, ms, ms % 1_000 == 0);
            }
            frame(AUDIO, ms, true);
        }
    }

    void frame(Track track, long ms, boolean key) {
        var kind = key ? FrameKind.KEY : FrameKind.INTER;
        var payload = Payload.of(new byte[50]);
        loop.call(
                () -> publication.orElseThrow().write(new Frame(track, ms * 1_000_000, ms * 1_000_000, kind, payload)));
    }

    /// The publisher is lost; the stream waits for him.
    void lost() {
        loop.call(() -> publication.orElseThrow().write(Gap.open(0, "lost")));
    }

    void end() {
        loop.call(() -> publication.orElseThrow().close(EndReason.CLIENT_DONE));
    }

    FakeExchange get(String path) {
        return get(path, "player/1.0", 1);
    }

    FakeExchange get(String path, String agent, int host) {
        var exchange = new FakeExchange(loop, agent, host);
        for (var route : routes.entrySet()) {
            var match = Pattern.compile(route.getKey()
                            .replace(".", "\\.")
                            .replace("{app}", "(?<app>.+)")
                            .replaceAll("\\{(\\w+)}", "(?<$1>[^/]+)"))
                    .matcher(path);
            if (match.matches()) {
                match.namedGroups().forEach((name, group) -> exchange.params.put(name, match.group(group)));
                loop.call(() -> route.getValue().handle(exchange));
                return exchange;
            }
        }
        throw new AssertionError("no route for " + path);
    }

    private static Payload hex(String bytes) {
        return Payload.of(HexFormat.of().parseHex(bytes));
    }

    /// Remembers how it was answered.
    static final class FakeExchange implements Http.Exchange {
        final Map<String, String> params = new LinkedHashMap<>();
        private final Loop loop;
        private final String agent;
        private final int host;
        int answers;
        int status;
        String contentType = "";
        Map<String, String> headers = Map.of();
        byte[] body = {};
        Runnable gone = () -> {};

        FakeExchange(Loop loop, String agent, int host) {
            this.loop = loop;
            this.agent = agent;
            this.host = host;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public InetSocketAddress remote() {
            return new InetSocketAddress("192.0.2." + host, 40_000 + answers);
        }

        @Override
        public String param(String name) {
            return params.get(name);
        }

        @Override
        public Map<String, String> query() {
            return Map.of();
        }

        @Override
        public Optional<String> header(String name) {
            return name.equals("user-agent") ? Optional.of(agent) : Optional.empty();
        }

        @Override
        public void respond(int status, String contentType, Map<String, String> headers, byte[] body) {
            answers++;
            this.status = status;
            this.contentType = contentType;
            this.headers = headers;
            this.body = body;
        }

        @Override
        public void fail(int status, String why) {
            respond(status, "text/plain", Map.of(), why.getBytes(StandardCharsets.UTF_8));
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
            throw new UnsupportedOperationException();
        }

        @Override
        public void onClosed(Runnable gone) {
            this.gone = gone;
        }
    }

    /// A row of the session table.
    static final class FakeSession implements Sessions.Session {
        final Consumer<EndReason> kick;
        final List<EndReason> ends = new ArrayList<>();
        String client = "";
        String role = "";

        FakeSession(Consumer<EndReason> kick) {
            this.kick = kick;
        }

        @Override
        public String id() {
            return "1";
        }

        @Override
        public void client(String name) {
            client = name;
        }

        @Override
        public void role(Sessions.Role role, StreamName stream) {
            this.role = role + " " + stream;
        }

        @Override
        public void watches(Viewing viewing) {
            throw new UnsupportedOperationException("segments are fetched, not shown");
        }

        @Override
        public void end(EndReason reason, String detail) {
            ends.add(reason);
        }
    }

    @Override
    public Hub hub() {
        return hub;
    }

    @Override
    public Admission admission() {
        return new Admission() {
            @Override
            public CompletionStage<Verdict> decide(AccessRequest request) {
                asked.add(request);
                return CompletableFuture.completedStage(verdict);
            }
        };
    }

    @Override
    public Ports ports() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http http() {
        return new Http() {
            @Override
            public void get(String pattern, Handler handler) {
                routes.put(pattern, handler);
            }

            @Override
            public void post(String pattern, int maxBodyBytes, Handler handler) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void webSocket(String pattern, Handler handler) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public Sessions sessions() {
        return new Sessions() {
            @Override
            public Session open(String protocol, InetSocketAddress remote, Consumer<EndReason> kick) {
                var session = new FakeSession(kick);
                sessionsOpened.add(session);
                return session;
            }

            @Override
            public List<Info> list() {
                return List.of();
            }

            @Override
            public int viewersOf(StreamName stream) {
                return sessionsOpened.size();
            }
        };
    }

    @Override
    public Segments segments() {
        return segments;
    }

    @Override
    public PerApp<AppSettings> apps() {
        return always(AppSettings.DEFAULTS);
    }

    @Override
    public boolean loopbackOnly() {
        return true;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Map<String, InetSocketAddress> listeners() {
        return Map.of();
    }

    @Override
    public EventLoop eventLoopOf(Loop loop) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Loop loopOf(EventLoop eventLoop) {
        return loop;
    }

    @Override
    public Loop nextLoop() {
        return loop;
    }

    @Override
    public Executor blocking() {
        return Runnable::run;
    }
}
