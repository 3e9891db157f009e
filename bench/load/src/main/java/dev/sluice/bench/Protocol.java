package dev.sluice.bench;

import dev.sluice.rtmp.RtmpUrl;
import dev.sluice.rtmp.session.ClientRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/// How viewers watch.
public enum Protocol {
    RTMP("rtmp"),
    HTTP_FLV("http-flv"),
    WS_FMP4("ws-fmp4");

    private final String label;

    Protocol(String label) {
        this.label = label;
    }

    /// As users write it.
    public String label() {
        return label;
    }

    /// @throws LoadFailed for a word that is none
    public static Protocol of(String label) throws LoadFailed {
        return Arrays.stream(values())
                .filter(protocol -> protocol.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new LoadFailed("no protocol is called " + label + "; there are " + labels()));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Protocol::label).collect(Collectors.joining(", "));
    }

    /// The protocol that an address to play speaks.
    static Protocol ofUrl(String url) throws LoadFailed {
        var address = url.replaceFirst("\\?.*", "");
        if (address.startsWith("rtmp://")) {
            return RTMP;
        }
        if (address.startsWith("http://") && address.endsWith(".flv")) {
            return HTTP_FLV;
        }
        if (address.startsWith("ws://")) {
            return WS_FMP4;
        }
        throw new LoadFailed("viewers play rtmp://host/app, http://host/….flv or ws://host/….mp4, not " + address);
    }

    /// A viewer of `url`.
    public Dialogue dialogue(String url, Viewing viewing) {
        return switch (this) {
            case RTMP -> new RtmpDialogue(ClientRequest.play(RtmpUrl.parse(url)), viewing);
            case HTTP_FLV -> new HttpFlvDialogue(URI.create(url), viewing);
            case WS_FMP4 -> new WebSocketDialogue(URI.create(url), viewing);
        };
    }
}
