package dev.sluice.rtmp.netty;

import dev.sluice.rtmp.RtmpUrl;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// How a client checks who answers behind TLS. The server's name is asked for (SNI), and has to stand in its
/// certificate unless nothing is checked. Any thread; one may serve many clients.
public final class ClientTls {
    private static final String CHECK_THE_NAME = "HTTPS";
    private static final String CHECK_NOTHING = "";

    private final SslContext context;

    private ClientTls(SslContext context) {
        this.context = context;
    }

    /// By the authorities that this Java trusts. Reads files the first time.
    public static ClientTls system() {
        return System.INSTANCE;
    }

    /// Made when somebody asks: most clients speak no TLS.
    private static final class System {
        private static final ClientTls INSTANCE = new ClientTls(built(SslContextBuilder.forClient(), CHECK_THE_NAME));
    }

    /// By the certificates of one PEM file, and by no others. Waits for the disk.
    ///
    /// @throws IOException if they cannot be read
    public static ClientTls trusting(Path authorities) throws IOException {
        try (var in = Files.newInputStream(authorities)) {
            return new ClientTls(built(SslContextBuilder.forClient().trustManager(in), CHECK_THE_NAME));
        } catch (IllegalArgumentException e) {
            throw new IOException(authorities + " has no certificate in it", e);
        }
    }

    /// Not at all: anybody may answer. For trying out.
    public static ClientTls unchecked() {
        return new ClientTls(
                built(SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE), CHECK_NOTHING));
    }

    private static SslContext built(SslContextBuilder builder, String check) {
        try {
            return builder.sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm(check.isEmpty() ? null : check)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /// Puts TLS in front of whatever the channel's pipeline has, before it connects. On its loop.
    ///
    /// @param timeoutMs for the handshake
    void install(Channel channel, RtmpUrl url, long timeoutMs) {
        var handler = context.newHandler(channel.alloc(), url.host(), url.port());
        handler.setHandshakeTimeout(timeoutMs, TimeUnit.MILLISECONDS);
        channel.pipeline().addFirst("tls", handler);
        channel.pipeline().addAfter("tls", null, new Story());
    }

    /// Tells a failed handshake in words that lead somewhere.
    private static final class Story extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                ctx.fireExceptionCaught(new IOException("TLS failed: " + root(handshake.cause())));
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        private static String root(Throwable failure) {
            var cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage());
        }
    }
}
