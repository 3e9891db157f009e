package dev.sluice.app.media;

import dev.sluice.rtmp.netty.RtmpClient;
import dev.sluice.rtmp.session.ClientEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One attempt to publish, as its events tell it; written on the connection's loop, read on the publisher's thread.
public final class PublishConnection implements RtmpClient.Listener {
    private static final Logger log = LoggerFactory.getLogger(PublishConnection.class);
    private static final long GOODBYE_MS = 1_000;

    private final CompletableFuture<Boolean> publishing = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public void onEvent(RtmpClient client, ClientEvent event) {
        switch (event) {
            case ClientEvent.Publishing() -> publishing.complete(true);
            case ClientEvent.Ended(var cause, var reason) -> {
                ended.complete(reason);
                publishing.complete(false);
            }
            case ClientEvent.Connected connected -> {}
            case ClientEvent.ComeAgain again -> {}
            // The old connection is served until it ends, and then whoever wants to comes again.
            case ClientEvent.ReconnectAsked asked -> {}
            case ClientEvent.Playing() -> {}
            case ClientEvent.Media media -> {}
            case ClientEvent.Status status -> {}
        }
    }

    /// The client ends by itself when the server does not answer, so this always returns.
    public boolean awaitPublishing() throws InterruptedException {
        try {
            return publishing.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed so", e);
        }
    }

    public boolean hasEnded() {
        return ended.isDone();
    }

    public String whyEnded() {
        return ended.getNow("");
    }

    /// Also when the publisher's own thread was told to end: the interrupt is kept for later.
    public void awaitGoodbye(RtmpClient client) {
        boolean interrupted = Thread.interrupted();
        try {
            client.whenClosed().toCompletableFuture().get(GOODBYE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            log.debug("publish.goodbye not answered", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
