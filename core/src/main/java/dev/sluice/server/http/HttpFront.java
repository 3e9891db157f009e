package dev.sluice.server.http;

import dev.sluice.server.http.Routes.Kind;
import dev.sluice.server.http.Routes.Route;
import dev.sluice.server.spi.Http;
import dev.sluice.server.spi.LimitKind;
import dev.sluice.server.spi.Limits;
import dev.sluice.server.spi.Ports;
import dev.sluice.server.spi.Ports.PortTaken;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP front of the server: Vert.x behind our ports. Plugins add paths at any time; [#open()] offers the
/// port.
///
/// A request passes, in this order: the gate (one at a time, a deadline for its head), the guard (Host, then CORS
/// headers for whatever is answered), the path, the method, the handler.
public final class HttpFront implements Http, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);
    private static final long CLOSE_TIMEOUT_MS = 1_800;
    private static final String ALLOWED_METHODS = "GET, HEAD, OPTIONS";
    private static final String CORS_HEADERS = "corsHeaders";
    private static final byte[] NO_BODY = {};
    private static final Map<String, String> PREFLIGHT = Map.of(
            "Access-Control-Allow-Methods", ALLOWED_METHODS,
            "Access-Control-Allow-Headers", "Range, If-None-Match, If-Modified-Since, Cache-Control",
            "Access-Control-Max-Age", "86400");

    private final VertxBridge bridge;
    private final Ports ports;
    private final HttpSettings settings;
    private final Limits limits;
    private final OriginPolicy policy;
    private final VertxBridge.Entry entry;
    private final HttpExchange.Surroundings around;
    /// Connections that were taken over, each with what ends it on its loop.
    private final Map<Channel, Runnable> viewers = new ConcurrentHashMap<>();
    private volatile Routes routes = Routes.NONE;

    /// @param limits told whenever somebody hits a limit
    public HttpFront(VertxBridge bridge, Ports ports, HttpSettings settings, Limits limits) {
        this.bridge = bridge;
        this.ports = ports;
        this.settings = settings;
        this.limits = limits;
        this.policy = new OriginPolicy(settings.hosts(), settings.origins());
        this.around = new HttpExchange.Surroundings(ports, this::onTakenOver);
        var router = Router.router(bridge.vertx());
        router.route().handler(this::guard).handler(this::dispatch).failureHandler(this::onFailure);
        this.entry = bridge.serve(config(settings), router, this::onInvalid);
    }

    private static HttpServerConfig config(HttpSettings settings) {
        return new HttpServerConfig()
                // No HTTP/2 in clear text: nothing that plays uses it, and an upgrade would get past the gate.
                .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
                .setIdleTimeout(Duration.ofMillis(settings.idleTimeoutMs()))
                .setHandle100ContinueAutomatically(false)
                .setHttp1Config(new Http1ServerConfig()
                        .setMaxInitialLineLength(Math.min(MAX_REQUEST_LINE_BYTES, settings.maxRequestHeaderBytes()))
                        .setMaxHeaderSize(settings.maxRequestHeaderBytes()));
    }

    /// Offers the port. Once.
    ///
    /// @return the address in use
    public InetSocketAddress open() throws PortTaken {
        return ports.offer(new HttpProtocol(settings, entry, this::hit));
    }

    @Override
    public void get(String pattern, Handler handler) {
        add(new Route(Kind.GET, new PathPattern(pattern), handler));
    }

    @Override
    public void webSocket(String pattern, Handler handler) {
        add(new Route(Kind.WEB_SOCKET, new PathPattern(pattern), handler));
    }

    @Override
    public void post(String pattern, int maxBodyBytes, Handler handler) {
        add(new Route(Kind.POST, new PathPattern(pattern), maxBodyBytes, handler));
    }

    /// Plugins start one after the other, on the thread that starts the server.
    private void add(Route route) {
        routes = routes.with(route);
    }

    // One request, on its loop.

    private void guard(RoutingContext context) {
        var request = context.request();
        var problem = hostProblem(request);
        if (problem.isPresent()) {
            fail(request, Map.of(), 403, problem.get());
            return;
        }
        var origin = Optional.ofNullable(request.getHeader("Origin"));
        Map<String, String> headers = new LinkedHashMap<>(policy.corsHeaders(overLoopback(request), origin));
        context.put(CORS_HEADERS, headers);
        context.next();
    }

    private Optional<String> hostProblem(HttpServerRequest request) {
        var host = Optional.ofNullable(request.getHeader("Host"));
        var named = RequestTarget.authority(request.uri());
        if (!named.isEmpty()) {
            // An absolute target names the host itself; two different names are an attempt to pass by the check.
            return policy.hostProblem(overLoopback(request), named)
                    .or(() -> host.flatMap(name -> policy.hostProblem(overLoopback(request), name)));
        }
        if (host.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
            return Optional.empty();
        }
        return policy.hostProblem(overLoopback(request), host.orElse(""));
    }

    private boolean overLoopback(HttpServerRequest request) {
        return ports.local(VertxBridge.channelOf(request)).getAddress().isLoopbackAddress();
    }

    private void dispatch(RoutingContext context) {
        var request = context.request();
        Map<String, String> headers = context.get(CORS_HEADERS);
        try {
            var target = RequestTarget.parse(request.uri());
            if (WebSocketHandshake.asked(request)
                    && routes.find(Kind.WEB_SOCKET, target.segments()).isPresent()) {
                // Who asked to leave HTTP and may not goes: bytes of another protocol may follow.
                headers.put("Connection", "close");
                openWebSocket(request, target, headers);
            } else if (routes.find(Kind.POST, target.segments()).isPresent()) {
                post(request, target, headers);
            } else {
                answer(request, target, headers);
            }
        } catch (BadRequest e) {
            fail(request, headers, 400, e.sentence());
        }
    }

    private void answer(HttpServerRequest request, RequestTarget target, Map<String, String> headers)
            throws BadRequest {
        var found = routes.find(Kind.GET, target.segments());
        if (found.isEmpty()) {
            boolean forWebSockets =
                    routes.find(Kind.WEB_SOCKET, target.segments()).isPresent();
            if (forWebSockets) {
                upgradeRequired(request, headers);
            } else {
                fail(request, headers, 404, "nothing is served under this path");
            }
            return;
        }
        var method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            call(found.get(), request, target, headers, new HttpExchange.Brought(false, NO_BODY));
        } else if (method.equals(HttpMethod.OPTIONS)) {
            options(request, headers);
        } else {
            headers.put("Allow", ALLOWED_METHODS);
            fail(request, headers, 405, "this path answers " + ALLOWED_METHODS + " only");
        }
    }

    private void post(HttpServerRequest request, RequestTarget target, Map<String, String> headers) {
        if (!request.method().equals(HttpMethod.POST)) {
            headers.put("Allow", "POST");
            fail(request, headers, 405, "this path answers POST only");
            return;
        }
        var found = routes.find(Kind.POST, target.segments()).orElseThrow();
        var problem = PostBody.problem(request, found.route().maxBodyBytes())
                .or(() -> policy.foreignOrigin(
                                Optional.ofNullable(request.getHeader("Host")).orElse(""),
                                Optional.ofNullable(request.getHeader("Origin")),
                                "use this")
                        .map(why -> new PostBody.Problem(403, why)));
        if (problem.isPresent()) {
            // What follows may be the body or the next request: nobody knows, so nobody reads it.
            headers.put("Connection", "close");
            fail(request, headers, problem.get().status(), problem.get().why());
            return;
        }
        Runnable late = () -> hit(LimitKind.HTTP_BODY_TIMEOUT, VertxBridge.channelOf(request));
        PostBody.read(request, settings.requestHeadTimeoutMs(), late, body -> {
            try {
                call(found, request, target, headers, new HttpExchange.Brought(false, body));
            } catch (BadRequest e) {
                headers.put("Connection", "close");
                fail(request, headers, 400, e.sentence());
            }
        });
    }

    private static void options(HttpServerRequest request, Map<String, String> headers) {
        headers.put("Allow", ALLOWED_METHODS);
        boolean allowed = headers.containsKey("Access-Control-Allow-Origin");
        send(request, headers, 204, allowed ? PREFLIGHT : Map.of(), new byte[0]);
    }

    private void openWebSocket(HttpServerRequest request, RequestTarget target, Map<String, String> headers)
            throws BadRequest {
        var problem = policy.webSocketProblem(
                Optional.ofNullable(request.getHeader("Host")).orElse(""),
                Optional.ofNullable(request.getHeader("Origin")));
        if (problem.isPresent()) {
            fail(request, headers, 403, problem.get());
        } else if (!WebSocketHandshake.valid(request)) {
            upgradeRequired(request, headers);
        } else {
            var found = routes.find(Kind.WEB_SOCKET, target.segments()).orElseThrow();
            call(found, request, target, headers, new HttpExchange.Brought(true, NO_BODY));
        }
    }

    private static void upgradeRequired(HttpServerRequest request, Map<String, String> headers) {
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "close");
        headers.put("Sec-WebSocket-Version", "13");
        fail(request, headers, 426, "this path speaks WebSocket version 13");
    }

    private void call(
            Routes.Found found,
            HttpServerRequest request,
            RequestTarget target,
            Map<String, String> headers,
            HttpExchange.Brought brought)
            throws BadRequest {
        for (var value : found.parameters().values()) {
            RequestTarget.checkParameter(value);
        }
        headers.put("X-Content-Type-Options", "nosniff");
        var loop = bridge.loops().of(VertxBridge.channelOf(request).eventLoop());
        var exchange = new HttpExchange(request, loop, target, found.parameters(), headers, brought, around);
        try {
            found.route().handler().handle(exchange);
        } catch (RuntimeException e) {
            LOG.error("http.handler path={}", found.route().pattern(), e);
            if (exchange.answered()) {
                VertxBridge.channelOf(request).close();
            } else {
                exchange.fail(500, "the server could not answer this; its log says why");
            }
        }
    }

    /// The router itself refuses a request without Host or path; anything else is our mistake.
    private void onFailure(RoutingContext context) {
        if (context.statusCode() >= 400 && context.statusCode() < 500) {
            fail(context.request(), Map.of("Connection", "close"), 400, "a request names a path and its Host");
            return;
        }
        LOG.error("http.front failed", context.failure());
        VertxBridge.channelOf(context.request()).close();
    }

    /// Bytes that are no HTTP request, or too many of them. Whatever follows cannot be trusted: the connection
    /// ends.
    private void onInvalid(HttpServerRequest request) {
        var cause = request.decoderResult().cause();
        int status = 400;
        var why = "this is not an HTTP request";
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
            why = "the request line is too long";
            hit(LimitKind.HTTP_REQUEST_LINE, VertxBridge.channelOf(request));
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = 431;
            why = "the headers are more than " + settings.maxRequestHeaderBytes() + " bytes";
            hit(LimitKind.HTTP_HEADERS, VertxBridge.channelOf(request));
        }
        fail(request, Map.of("Connection", "close"), status, why);
    }

    private void hit(LimitKind kind, Channel channel) {
        limits.hit(kind, ports.remote(channel).getAddress());
    }

    private static void fail(HttpServerRequest request, Map<String, String> headers, int status, String why) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "text/plain; charset=utf-8");
        all.put("Cache-Control", "no-store");
        send(request, all, status, Map.of(), HttpExchange.sentence(why));
    }

    private static void send(
            HttpServerRequest request, Map<String, String> headers, int status, Map<String, String> more, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("X-Content-Type-Options", "nosniff");
        HttpExchange.send(request, status, "", all, more, body);
    }

    // Viewers and the end.

    private void onTakenOver(Channel channel, Runnable end) {
        viewers.put(channel, end);
        channel.closeFuture().addListener(closed -> viewers.remove(channel));
    }

    /// Ends viewers and requests; within two seconds nothing is left. The ports stop accepting before. Not on a
    /// loop.
    @Override
    public void close() {
        viewers.forEach((channel, end) -> channel.eventLoop().execute(end));
        try {
            entry.close(CLOSE_GRACE)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("http.close did not end in time", e);
        }
    }
}
