package dev.sluice.rtmp.session;

import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.RtmpMessage;

/// What a session remembers of `connect`, with the oddities of encoders taken out: any property may be missing or
/// quoted, and some spell their names in lower case. Not the whole object: it would be a quarter of what a player
/// costs.
record ConnectRequest(String app, String tcUrl, boolean publisher, int objectEncoding, Capabilities capabilities) {
    static final ConnectRequest NONE = new ConnectRequest("", "", false, 0, Capabilities.NONE);

    private static final AmfValue.Obj NO_PROPERTIES = AmfValue.properties().object();

    /// The properties of a `connect`, in whatever form it has them.
    static AmfValue.Obj propertiesOf(RtmpMessage.Command command) {
        return switch (command.object()) {
            case AmfValue.Obj object -> object;
            case AmfValue.EcmaArray array -> new AmfValue.Obj("", array.properties());
            default -> NO_PROPERTIES;
        };
    }

    static ConnectRequest of(AmfValue.Obj properties) {
        String tcUrl = StreamPath.unquote(text(properties, "tcUrl", "tcurl"));
        String app = properties.string("app").orElseGet(() -> pathOf(tcUrl));
        int encoding = properties.number("objectEncoding").orElse(0.0) == 3 ? 3 : 0;
        return new ConnectRequest(
                app,
                tcUrl,
                properties.string("type").filter("nonprivate"::equals).isPresent(),
                encoding,
                Capabilities.of(properties));
    }

    /// What the client calls itself.
    static String flashVerOf(AmfValue.Obj properties) {
        return text(properties, "flashVer", "flashver");
    }

    private static String text(AmfValue.Obj properties, String key, String otherKey) {
        return properties.string(key).or(() -> properties.string(otherKey)).orElse("");
    }

    private static String pathOf(String url) {
        int host = url.indexOf("://");
        int slash = host < 0 ? -1 : url.indexOf('/', host + 3);
        return slash < 0 ? "" : url.substring(slash + 1);
    }
}
