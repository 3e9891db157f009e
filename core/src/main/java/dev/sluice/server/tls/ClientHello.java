package dev.sluice.server.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// What the first message of a TLS client says about the certificate it wants, and about tickets. Bytes that make
/// no sense say nothing: whether the message is right is for the TLS library to judge.
///
/// TLS 1.3 sends tickets behind the handshake, where librtmp with GnuTLS takes them for the end of the connection.
/// Its message is like that of others which speak RTMP inside: it names no protocol (ALPN), as those do that speak
/// HTTP. A client of RTMP keeps one connection for hours, so a ticket is worth little to it.
///
/// @param serverName in small letters; empty if the client names nobody
/// @param elliptic whether it can check an ECDSA signature
/// @param tickets whether it may be sent a ticket to come back with: by TLS 1.2, or if it names protocols
public record ClientHello(String serverName, boolean elliptic, boolean tickets) {
    public static final ClientHello NOTHING = new ClientHello("", false, true);

    private static final int VERSION_AND_RANDOM_BYTES = 34;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final Set<Integer> TLS_13 = Set.of(0x0304);
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME_BYTES = 255;
    /// ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512.
    private static final Set<Integer> ECDSA = Set.of(0x0403, 0x0503, 0x0603);
    /// TLS 1.3 suites say nothing about signatures; these of TLS 1.2 do.
    private static final Set<Integer> ECDSA_SUITES =
            Set.of(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9, 0xc009, 0xc00a, 0xc023, 0xc024);

    /// Reads the message behind its header of four bytes. Consumes nothing.
    ///
    /// @spec RFC 8446 §4.1.2, §4.2.1; RFC 6066 §3; RFC 7301 §3.1
    public static ClientHello read(ByteBuf message) {
        try {
            return readAll(message.slice());
        } catch (IndexOutOfBoundsException cutShort) {
            return NOTHING;
        }
    }

    private static ClientHello readAll(ByteBuf in) {
        in.skipBytes(VERSION_AND_RANDOM_BYTES);
        in.skipBytes(in.readUnsignedByte()); // session id
        boolean suite = containsAny(in.readSlice(in.readUnsignedShort()), ECDSA_SUITES);
        in.skipBytes(in.readUnsignedByte()); // compression methods
        if (!in.isReadable()) {
            return NOTHING;
        }
        var extensions = in.readSlice(in.readUnsignedShort());
        var name = "";
        boolean signature = false;
        boolean protocols = false;
        boolean tls13 = false;
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            var body = extensions.readSlice(extensions.readUnsignedShort());
            switch (type) {
                case SERVER_NAME -> name = hostName(body);
                case SIGNATURE_ALGORITHMS -> signature = containsAny(body.readSlice(body.readUnsignedShort()), ECDSA);
                case PROTOCOLS -> protocols = true;
                case SUPPORTED_VERSIONS -> tls13 = containsAny(body.readSlice(body.readUnsignedByte()), TLS_13);
                default -> {} // nothing that chooses a certificate
            }
        }
        return new ClientHello(name, suite && signature, protocols || !tls13);
    }

    private static String hostName(ByteBuf body) {
        if (!body.isReadable()) {
            return "";
        }
        var list = body.readSlice(body.readUnsignedShort());
        while (list.isReadable()) {
            int type = list.readUnsignedByte();
            var name = list.readSlice(list.readUnsignedShort());
            if (type == HOST_NAME && name.readableBytes() <= MAX_NAME_BYTES) {
                return name.toString(StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private static boolean containsAny(ByteBuf numbers, Set<Integer> wanted) {
        boolean found = false;
        while (numbers.readableBytes() > 1) {
            found |= wanted.contains(numbers.readUnsignedShort());
        }
        return found;
    }
}
