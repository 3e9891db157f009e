package dev.sluice.server.ports;

import java.net.InetAddress;
import java.util.Arrays;

/// All addresses that begin with the same bits, written `192.0.2.0/24`, `2001:db8::/32`, or as one address.
///
/// @param first its address with the host bits zero, 4 or 16 bytes
/// @param prefixBits how many bits count
@SuppressWarnings("ArrayRecordComponent") // private to the package, never compared
record Network(byte[] first, int prefixBits) {

    /// @throws IllegalArgumentException with a sentence, when `text` is no network
    static Network parse(String text) {
        int slash = text.indexOf('/');
        var address = address(slash < 0 ? text : text.substring(0, slash), text);
        int bits = address.length * Byte.SIZE;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text);
        return new Network(masked(address, prefix), prefix);
    }

    boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == first.length && Arrays.equals(masked(bytes, prefixBits), first);
    }

    /// Literal addresses only: a name would ask the network.
    private static byte[] address(String literal, String text) {
        try {
            return InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            throw notOne(text);
        }
    }

    private static int prefix(String digits, int most, String text) {
        try {
            int prefix = Integer.parseInt(digits);
            if (prefix >= 0 && prefix <= most) {
                return prefix;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw notOne(text);
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException("exempt must hold networks such as 192.0.2.0/24, not '" + text + "'");
    }

    private static byte[] masked(byte[] address, int prefixBits) {
        var masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(prefixBits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return masked;
    }
}
