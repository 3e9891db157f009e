package dev.sluice.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Path and query of a request, percent-decoded exactly once. What is left after that can be no trick: no control
/// characters, no `%`, no backslash, no slash inside a segment, no `.` or `..`.
///
/// @param segments of `/live/cam.flv`: `live`, `cam.flv`; of `/`: none
/// @param query the last of equal names
record RequestTarget(List<String> segments, Map<String, String> query) {
    private static final int MAX_SEGMENTS = 32;
    private static final int MAX_QUERY_PARAMETERS = 64;

    RequestTarget {
        segments = List.copyOf(segments);
        query = Map.copyOf(query);
    }

    /// Reads the target of a request line: origin form (`/path?query`) or absolute form
    /// (`http://host/path?query`).
    static RequestTarget parse(String target) throws BadRequest {
        var local = target.startsWith("/") ? target : withoutAuthority(target);
        int fragment = local.indexOf('#');
        if (fragment >= 0) {
            throw new BadRequest("a request holds no '#': encode it as %23");
        }
        int question = local.indexOf('?');
        var path = question < 0 ? local : local.substring(0, question);
        return new RequestTarget(segments(path), question < 0 ? Map.of() : query(local.substring(question + 1)));
    }

    /// The host and port in an absolute target; empty in the usual form.
    static String authority(String target) {
        int start = target.indexOf("://");
        if (target.startsWith("/") || start < 0) {
            return "";
        }
        int end = start + 3;
        while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return target.substring(start + 3, end);
    }

    private static String withoutAuthority(String target) throws BadRequest {
        if (!target.regionMatches(true, 0, "http://", 0, 7) && !target.regionMatches(true, 0, "https://", 0, 8)) {
            throw new BadRequest("the path has to start with '/'");
        }
        var rest =
                target.substring(target.indexOf("://") + 3 + authority(target).length());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static List<String> segments(String path) throws BadRequest {
        if (path.equals("/")) {
            return List.of();
        }
        var raw = path.substring(1).split("/", -1);
        if (raw.length > MAX_SEGMENTS) {
            throw new BadRequest("the path has more than " + MAX_SEGMENTS + " segments");
        }
        List<String> decoded = new ArrayList<>(raw.length);
        for (var segment : raw) {
            var text = decode(segment, false);
            checkSegment(text);
            decoded.add(text);
        }
        return decoded;
    }

    private static void checkSegment(String text) throws BadRequest {
        checkParameter(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                throw new BadRequest("the path may not hold control characters");
            }
            if (c == '/' || c == '\\' || c == '%') {
                throw new BadRequest("the path may not hold an encoded slash, backslash or percent sign");
            }
        }
    }

    /// The part of a segment that a parameter matched can be a name that no segment may be: `...flv` holds `..`.
    static void checkParameter(String text) throws BadRequest {
        if (text.equals(".") || text.equals("..")) {
            throw new BadRequest("the path may not hold '.' or '..' as a name");
        }
    }

    private static Map<String, String> query(String text) throws BadRequest {
        Map<String, String> parameters = new HashMap<>();
        var pairs = text.split("&", MAX_QUERY_PARAMETERS + 1);
        if (pairs.length > MAX_QUERY_PARAMETERS) {
            throw new BadRequest("the query has more than " + MAX_QUERY_PARAMETERS + " parameters");
        }
        for (var pair : pairs) {
            int equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            if (!name.isEmpty()) {
                parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1), true));
            }
        }
        return parameters;
    }

    private static String decode(String text, boolean plusIsSpace) throws BadRequest {
        if (text.indexOf('%') < 0 && text.chars().allMatch(c -> c < 0x80)) {
            return plusIsSpace ? text.replace('+', ' ') : text;
        }
        var bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.put((byte) hexPair(text, i));
                i += 2;
            } else if (c >= 0x80) {
                throw new BadRequest("letters beyond ASCII have to be percent-encoded UTF-8");
            } else {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new BadRequest("percent-encoded letters have to be UTF-8");
        }
    }

    private static int hexPair(String text, int percent) throws BadRequest {
        int high = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new BadRequest("a '%' has to be followed by two hexadecimal digits");
        }
        return high << 4 | low;
    }
}
