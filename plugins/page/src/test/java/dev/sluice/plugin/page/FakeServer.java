package dev.sluice.plugin.page;

import dev.sluice.hub.ContinuitySettings;
import dev.sluice.hub.ContinuitySettings.SecondPublisher;
import dev.sluice.hub.EndReason;
import dev.sluice.hub.FanoutSettings;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubSettings;
import dev.sluice.hub.Loop;
import dev.sluice.hub.Outlet;
import dev.sluice.hub.Publication;
import dev.sluice.hub.StreamName;
import dev.sluice.hub.StreamSettings;
import dev.sluice.hub.TestPublisher;
import dev.sluice.segments.Segments;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A server with a real hub and no sockets: routes are called by hand, and nothing runs on another thread.
final class FakeServer implements ServerContext {
    static final long STARTED_AT_MS = 1_700_000_000_000L;

    final Map<String, Http.Handler> routes = new HashMap<>();
    final Map<String, AppSettings> apps = new HashMap<>();
    final List<Sessions.Info> sessions = new ArrayList<>();
    final Map<StreamName, Integer> viewers = new HashMap<>();
    final Map<String, InetSocketAddress> listeners = new HashMap<>();
    final HandLoop loop = new HandLoop();
    boolean loopbackOnly = true;
    String remote = "192.0.2.7";
    private final Map<String, Long> hits = new TreeMap<>();
    private final Limits limits = new Limits() {
        @Override
        public void hit(String kind, InetAddress from) {
            hits.merge(kind, 1L, Long::sum);
        }

        @Override
        public Map<String, Long> counts() {
            return hits;
        }
    };
    ContinuitySettings continuity = new ContinuitySettings(SecondPublisher.REFUSE, 0, 0);
    private final Hub hub = new Hub(
            HubSettings.DEFAULTS, app -> new StreamSettings(continuity, FanoutSettings.DEFAULTS), () -> STARTED_AT_MS);

    Publication publish(String app, String name) {
        return TestPublisher.publish(hub, new StreamName(app, name), loop);
    }

    Answer get(String path) {
        return get(path, Map.of(), Map.of());
    }

    Answer get(String path, Map<String, String> headers, Map<String, String> query) {
        var exchange = new FakeExchange(headers, query);
        routes.get(path).handle(exchange);
        return exchange.answer.orElseThrow();
    }

    @SuppressWarnings("ArrayRecordComponent") // tests compare the bytes, never two answers
    record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Runs everything at once; the test moves its clock.
    static final class HandLoop implements Loop {
        long nowNs = 1_000_000_000L;

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Cancellable after(long delayMs, Runnable task) {
            return () -> {};
        }
    }

    private final class FakeExchange implements Http.Exchange {
        private final Map<String, String> headers;
        private final Map<String, String> query;
        private Optional<Answer> answer = Optional.empty();

        FakeExchange(Map<String, String> headers, Map<String, String> query) {
            this.headers = headers;
            this.query = query;
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public InetSocketAddress remote() {
            return new InetSocketAddress(remote, 40_000);
        }

        @Override
        public String param(String name) {
            throw new IllegalArgumentException("the page's paths have no parameters");
        }

        @Override
        public Map<String, String> query() {
            return query;
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        @Override
        public void respond(int status, String contentType, Map<String, String> extra, byte[] body) {
            answer = Optional.of(new Answer(status, contentType, extra, body));
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
            throw new UnsupportedOperationException("the page answers at once");
        }

        @Override
        public void onClosed(Runnable gone) {}
    }

    @Override
    public Http http() {
        return new Http() {
            @Override
            public void get(String pattern, Handler handler) {
                if (routes.putIfAbsent(pattern, handler) != null) {
                    throw new IllegalStateException(pattern + " is routed twice");
                }
            }

            @Override
            public void post(String pattern, int maxBodyBytes, Handler handler) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void webSocket(String pattern, Handler handler) {
                throw new UnsupportedOperationException("the page has no WebSocket");
            }
        };
    }

    @Override
    public Sessions sessions() {
        return new Sessions() {
            @Override
            public Session open(String protocol, InetSocketAddress remote, Consumer<EndReason> kick) {
                throw new UnsupportedOperationException("looking at the page is no session");
            }

            @Override
            public List<Info> list() {
                return sessions;
            }

            @Override
            public int viewersOf(StreamName stream) {
                return viewers.getOrDefault(stream, 0);
            }
        };
    }

    @Override
    public PerApp<AppSettings> apps() {
        return new PerApp<>() {
            @Override
            public AppSettings global() {
                return AppSettings.DEFAULTS;
            }

            @Override
            public AppSettings of(String app) {
                return apps.getOrDefault(app, AppSettings.DEFAULTS);
            }
        };
    }

    @Override
    public Hub hub() {
        return hub;
    }

    @Override
    public boolean loopbackOnly() {
        return loopbackOnly;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Map<String, InetSocketAddress> listeners() {
        return listeners;
    }

    @Override
    public Admission admission() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Ports ports() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Segments segments() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventLoop eventLoopOf(Loop loop) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Loop loopOf(EventLoop eventLoop) {
        throw new UnsupportedOperationException();
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
