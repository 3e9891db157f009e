package dev.sluice.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;

/// A player of FLV over HTTP.
final class HttpFlvDialogue implements Dialogue {
    private final Viewing viewing;
    private final HttpAnswer answer;
    private ByteBuf output;

    HttpFlvDialogue(URI url, Viewing viewing) {
        var walker = new FlvWalker(viewing.keptBytes(), viewing::onMessage);
        this.viewing = viewing;
        this.answer = new HttpAnswer(200, walker::walk);
        this.output = Unpooled.wrappedBuffer(HttpAnswer.request(url.getAuthority(), Urls.pathOf(url), ""));
    }

    /// The request is the output that waits already.
    @Override
    public void start() {}

    @Override
    public void receive(ByteBuf in, long nowNs) {
        viewing.arrived(in.readableBytes(), nowNs);
        answer.receive(in);
    }

    @Override
    public ByteBuf takeOutput() {
        var taken = output;
        output = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
