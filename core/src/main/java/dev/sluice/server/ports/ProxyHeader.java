package dev.sluice.server.ports;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What stands at the beginning of a connection that a proxy passes on: the PROXY protocol, versions 1 and 2.
///
/// @spec "The PROXY protocol, versions 1 & 2", §2
sealed interface ProxyHeader {
    /// It can still become one.
    record Incomplete() implements ProxyHeader {}

    /// Something else.
    record Absent() implements ProxyHeader {}

    /// It began like one.
    ///
    /// @param why for the log; a constant of ours
    record Broken(String why) implements ProxyHeader {}

    /// The proxy speaks for itself, or does not know for whom.
    record Own(int bytes) implements ProxyHeader {}

    /// @param bytes its length
    /// @param source the client
    /// @param destination what the client connected to
    record Passed(int bytes, InetSocketAddress source, InetSocketAddress destination) implements ProxyHeader {}

    /// Headers with more are broken: extensions that we have no use for.
    int MAX_BYTES = FirstBytes.MAX_BYTES;

    /// Reads what is there so far, and consumes nothing.
    static ProxyHeader read(ByteBuf first) {
        if (begins(first, Text.START)) {
            return first.readableBytes() < Text.START.length ? new Incomplete() : Text.read(first);
        }
        if (begins(first, Binary.START)) {
            return first.readableBytes() < Binary.HEADER_BYTES ? new Incomplete() : Binary.read(first);
        }
        return new Absent();
    }

    private static boolean begins(ByteBuf first, byte[] start) {
        int compared = Math.min(start.length, first.readableBytes());
        for (int i = 0; i < compared; i++) {
            if (first.getByte(first.readerIndex() + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /// Version 1: a line.
    final class Text {
        private static final byte[] START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        private static final int MAX_LINE_BYTES = 107;
        private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
        private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,39}");
        private static final Pattern PORT = Pattern.compile("\\d{1,5}");

        private Text() {}

        private static ProxyHeader read(ByteBuf first) {
            int most = Math.min(first.readableBytes(), MAX_LINE_BYTES);
            int end = first.indexOf(first.readerIndex(), first.readerIndex() + most, (byte) '\n');
            if (end < 0) {
                return most < MAX_LINE_BYTES ? new Incomplete() : new Broken("the line does not end");
            }
            int bytes = end - first.readerIndex() + 1;
            var line = first.toString(first.readerIndex(), bytes, StandardCharsets.US_ASCII);
            if (!line.endsWith("\r\n")) {
                return new Broken("the line ends without a carriage return");
            }
            var words = line.substring(0, line.length() - 2).split(" ", -1);
            return switch (words[1]) {
                case "UNKNOWN" -> new Own(bytes);
                case "TCP4" -> passed(bytes, words, V4);
                case "TCP6" -> passed(bytes, words, V6);
                default -> new Broken("neither TCP4, TCP6 nor UNKNOWN");
            };
        }

        private static ProxyHeader passed(int bytes, String[] words, Pattern form) {
            if (words.length != 6
                    || !form.matcher(words[2]).matches()
                    || !form.matcher(words[3]).matches()
                    || !PORT.matcher(words[4]).matches()
                    || !PORT.matcher(words[5]).matches()) {
                return new Broken("not two addresses and two ports");
            }
            try {
                return new Passed(bytes, address(words[2], words[4]), address(words[3], words[5]));
            } catch (IllegalArgumentException e) {
                return new Broken("an address or port that cannot be");
            }
        }

        private static InetSocketAddress address(String literal, String port) {
            return new InetSocketAddress(InetAddress.ofLiteral(literal), Integer.parseInt(port));
        }
    }

    /// Version 2: twelve bytes that no other protocol begins with, then fields.
    final class Binary {
        private static final byte[] START = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
        private static final int HEADER_BYTES = 16;
        private static final int LOCAL = 0x20;
        private static final int PROXY = 0x21;
        private static final int UNSPECIFIED = 0x00;
        private static final int TCP_OVER_IPV4 = 0x11;
        private static final int TCP_OVER_IPV6 = 0x21;
        private static final int UNIX_STREAM = 0x31;

        private Binary() {}

        private static ProxyHeader read(ByteBuf first) {
            int at = first.readerIndex();
            int command = first.getUnsignedByte(at + 12);
            if (command != LOCAL && command != PROXY) {
                return new Broken("neither LOCAL nor PROXY of version 2");
            }
            int bytes = HEADER_BYTES + first.getUnsignedShort(at + 14);
            if (bytes > MAX_BYTES) {
                return new Broken("too long");
            }
            if (first.readableBytes() < bytes) {
                return new Incomplete();
            }
            return command == LOCAL ? new Own(bytes) : passed(first, bytes);
        }

        private static ProxyHeader passed(ByteBuf first, int bytes) {
            return switch (first.getUnsignedByte(first.readerIndex() + 13)) {
                case TCP_OVER_IPV4 -> passed(first, bytes, 4);
                case TCP_OVER_IPV6 -> passed(first, bytes, 16);
                case UNSPECIFIED, UNIX_STREAM -> new Own(bytes);
                default -> new Broken("not TCP");
            };
        }

        private static ProxyHeader passed(ByteBuf first, int bytes, int addressBytes) {
            int at = first.readerIndex() + HEADER_BYTES;
            if (bytes - HEADER_BYTES < 2 * addressBytes + 4) {
                return new Broken("too short for its addresses");
            }
            int ports = at + 2 * addressBytes;
            return new Passed(
                    bytes,
                    address(first, at, addressBytes, first.getUnsignedShort(ports)),
                    address(first, at + addressBytes, addressBytes, first.getUnsignedShort(ports + 2)));
        }

        private static InetSocketAddress address(ByteBuf first, int at, int bytes, int port) {
            var address = new byte[bytes];
            first.getBytes(at, address);
            try {
                return new InetSocketAddress(InetAddress.getByAddress(address), port);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 and 16 bytes always are an address", e);
            }
        }
    }
}
