package dev.sluice.plugin.rtmp;

import dev.sluice.hub.Loop;
import dev.sluice.rtmp.Limit;
import dev.sluice.rtmp.netty.RtmpChannel;
import dev.sluice.rtmp.sharedobject.SharedObjectMessage;

/// One connection among the users of shared objects: stands between its own loop and that of the objects. Who
/// does not take what he is sent is ended, because he could not be left out of anything without believing
/// something wrong.
final class SharedObjectUser implements SharedObjects.User {
    private static final String TOO_SLOW = "The client takes the changes of its shared objects too slowly.";

    private final SharedObjects objects;
    private final Loop loop;
    private final RtmpChannel channel;
    private final String app;
    private final SharedObjectSettings limits;
    private final Runnable onLimit;
    private boolean ended;

    /// @param loop of the connection
    /// @param app canonical name of the application
    /// @param onLimit counts a limit that did not end the connection; any thread
    SharedObjectUser(
            SharedObjects objects,
            Loop loop,
            RtmpChannel channel,
            String app,
            SharedObjectSettings limits,
            Runnable onLimit) {
        this.objects = objects;
        this.loop = loop;
        this.channel = channel;
        this.app = app;
        this.limits = limits;
        this.onLimit = onLimit;
    }

    /// The client said something. On the connection's loop.
    void onMessage(SharedObjectMessage message) {
        objects.receive(this, message);
    }

    /// The connection is gone. On its loop.
    void end() {
        ended = true;
        objects.leave(this);
    }

    @Override
    public String app() {
        return app;
    }

    @Override
    public SharedObjectSettings limits() {
        return limits;
    }

    @Override
    public void deliver(SharedObjectMessage message) {
        onOwnLoop(() -> {
            if (channel.pendingBytes() > limits.pendingMaxBytes()) {
                channel.endAtLimit(Limit.SHARED_OBJECTS, TOO_SLOW);
            } else {
                channel.sendSharedObject(message);
            }
        });
    }

    @Override
    public void limitHit() {
        onLimit.run();
    }

    @Override
    public void sharing(boolean any) {
        onOwnLoop(() -> channel.setSharing(any));
    }

    private void onOwnLoop(Runnable task) {
        loop.run(() -> {
            if (!ended) {
                task.run();
            }
        });
    }
}
