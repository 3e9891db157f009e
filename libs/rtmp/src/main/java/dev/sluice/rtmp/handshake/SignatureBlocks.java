package dev.sluice.rtmp.handshake;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// The block ciphers that versions 8 and 9 of RTMPE lay over a signature. Every player knows the keys, so
/// this hides nothing; it only has to be right. Both take a block as two little-endian words.
final class SignatureBlocks {
    private static final int BLOCK_BYTES = 8;
    private static final int XTEA_CYCLES = 32;
    private static final int XTEA_DELTA = 0x9E3779B9;
    private static final HexFormat HEX = HexFormat.of();

    /// Fifteen keys of four words.
    private static final String[] XTEA_KEYS = {
        "bff034b211d9081fccdfb795748de732",
        "086a5eb61743090e6ef05ab8fe5a39e2",
        "7b10956f76ce05212388a73a440149a1",
        "a943f317ebf11bb2a691a5ee17f36339",
        "7a30e00ab529e22ca087aea5c0cb79ac",
        "bdce0c232febdeff1cfaae161123239d",
        "55dd3f7b77e7e62e9bb8c499c9481ee4",
        "407bb6b471e89136a7aebf55ca33b839",
        "fcf6bdc3b63c36977ce4f82504d959b2",
        "28e091fd41954c4c7fb7db00e3a066f8",
        "57845b764f251b0346d45bcda2c30d29",
        "0acceef8da55b546034734525863713b",
        "b82075dca75f1feed84268e8a72a44cc",
        "07cf6e9ea16d7b259fa7ae6cd92f5629",
        "feb1eae48c8c3ce14e0064a76a387c2a"
    };

    private static final String[] BLOWFISH_KEYS = {
        "7934774c67d1383adfb356be8b7bd02438e07358415d6967",
        "46f6b4cc0193e3a19e7d3c655586fd098ff7b3c46f41ca5c",
        "1ae7e2f3f9147994c0d39743087bb384432f9d843f21019b",
        "d3e354b0f71df62b5a434d0483643e0d592f61cbb16a590d",
        "c8c1e9b8165699217b5b36b7b59bdf06492c97f59548857e",
        "ebe5e62ea4bad42cf216e08f6623a94341ce381484950053",
        "66db90f03b4ff56fe49c2089355ed2b2c39e9f7f63b22881",
        "bb20aced2a046a1994989bc8ffcd93efc60d56a7eb13d930",
        "bcf2438209408a8725436de6bba4b944583f217c99bb3f24",
        "ec1aaacdcebd5311d2fb83b6c3baab4f6279e865a9922876",
        "c60c300391182d7b79dae1d564779a12c5b1d7914f964ca3",
        "d77c2abfa6e7857c45adff1294d8dea45c3d79a444025d22",
        "16190d816a4cc7f8b8f94ecd2c9e9084b2082560e11eae18",
        "e97c58261b519e49826061fca0a01bcdf505d6a66d0788a3",
        "2b97118bd94ed9df20e39c10e6a1352111f9130d0b2465b2"
    };

    private SignatureBlocks() {}

    /// What happens to one block.
    @FunctionalInterface
    private interface Block {
        void transform(ByteBuffer words, int at, byte[] key);
    }

    static byte[] xtea(byte[] signature, byte[] key) {
        return each(signature, key, XTEA_KEYS, SignatureBlocks::xteaBlock);
    }

    static byte[] blowfish(byte[] signature, byte[] key) {
        return each(signature, key, BLOWFISH_KEYS, SignatureBlocks::blowfishBlock);
    }

    private static byte[] each(byte[] signature, byte[] key, String[] keys, Block block) {
        byte[] transformed = signature.clone();
        ByteBuffer words = ByteBuffer.wrap(transformed).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < transformed.length; at += BLOCK_BYTES) {
            block.transform(words, at, HEX.parseHex(keys[(key[at] & 0xff) % keys.length]));
        }
        return transformed;
    }

    private static void xteaBlock(ByteBuffer words, int at, byte[] key) {
        ByteBuffer keyWords = ByteBuffer.wrap(key);
        int first = words.getInt(at);
        int second = words.getInt(at + 4);
        int sum = 0;
        for (int cycle = 0; cycle < XTEA_CYCLES; cycle++) {
            first += (((second << 4) ^ (second >>> 5)) + second) ^ (sum + keyWords.getInt(4 * (sum & 3)));
            sum += XTEA_DELTA;
            second += (((first << 4) ^ (first >>> 5)) + first) ^ (sum + keyWords.getInt(4 * ((sum >>> 11) & 3)));
        }
        words.putInt(at, first).putInt(at + 4, second);
    }

    private static void blowfishBlock(ByteBuffer words, int at, byte[] key) {
        try {
            Cipher blowfish = Cipher.getInstance("Blowfish/ECB/NoPadding");
            blowfish.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "Blowfish"));
            byte[] block = ByteBuffer.allocate(BLOCK_BYTES)
                    .putInt(words.getInt(at))
                    .putInt(words.getInt(at + 4))
                    .array();
            ByteBuffer done = ByteBuffer.wrap(blowfish.doFinal(block));
            words.putInt(at, done.getInt()).putInt(at + 4, done.getInt());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Blowfish", e);
        }
    }
}
