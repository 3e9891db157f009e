package dev.sluice.rtmp.session;

import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.amf.AmfValue;
import dev.sluice.rtmp.message.RtmpMessage;

/// What `connect` said, with the oddities of encoders taken out: any property may be missing or quoted, and some
/// spell their names in lower case.
record ConnectRequest(
        String app,
        String tcUrl,
        String flashVer,
        boolean publisher,
        double objectEncoding,
        Capabilities capabilities,
        AmfValue.Obj properties) {
    static final ConnectRequest NONE = new ConnectRequest(
            "", "", "", false, 0, Capabilities.NONE, AmfValue.properties().object());

    static ConnectRequest of(RtmpMessage.Command command) {
        AmfValue.Obj properties = switch (command.object()) {
            case AmfValue.Obj object -> object;
            case AmfValue.EcmaArray array -> new AmfValue.Obj("", array.properties());
            default -> NONE.properties();
        };
        String tcUrl = StreamPath.unquote(text(properties, "tcUrl", "tcurl"));
        String app = properties.string("app").orElseGet(() -> pathOf(tcUrl));
        double encoding = properties.number("objectEncoding").orElse(0.0) == 3 ? 3 : 0;
        return new ConnectRequest(
                app,
                tcUrl,
                text(properties, "flashVer", "flashver"),
                properties.string("type").filter("nonprivate"::equals).isPresent(),
                encoding,
                Capabilities.of(properties),
                properties);
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
