package dev.sluice.server.ports;

import java.net.InetAddress;
import java.util.Arrays;

/// All addresses that begin with the same bits, written `192.0.2.0/24`, `2001:db8::/32`, or as one address.
///
/// @param first its address with the host bits zero, 4 or 16 bytes
/// @param prefixBits how many bits count
@SuppressWarnings("ArrayRecordComponent") // private to the package, never compared
record Network(byte[] first, int prefixBits) {

    /// @param setting where it was written, for the sentence
    /// @throws IllegalArgumentException with a sentence, when `text` is no network
    static Network parse(String setting, String text) {
        int slash = text.indexOf('/');
        try {
            var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                    .getAddress();
            int bits = address.length * Byte.SIZE;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return new Network(masked(address, prefix), prefix);
            }
        } catch (IllegalArgumentException e) {
            // said below; a name is no literal, and asking for it would ask the network
        }
        throw new IllegalArgumentException(setting + " must hold networks such as 192.0.2.0/24, not '" + text + "'");
    }

    boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == first.length && Arrays.equals(masked(bytes, prefixBits), first);
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
