package dev.sluice.media;

/// How samples are to be shown, as code points; 2 is "not said".
///
/// @param primaries 1 BT.709, 9 BT.2020
/// @param transfer 1 BT.709, 16 PQ, 18 HLG
/// @param matrix 1 BT.709, 9 BT.2020
/// @param fullRange whether black is 0
/// @spec https://www.itu.int/rec/T-REC-H.273 ITU-T H.273 §8
public record Colour(int primaries, int transfer, int matrix, boolean fullRange) {
    private static final int NOT_SAID = 2;
    private static final int PQ = 16;
    private static final int HLG = 18;

    public static final Colour UNKNOWN = new Colour(NOT_SAID, NOT_SAID, NOT_SAID, false);

    public boolean isKnown() {
        return primaries != NOT_SAID || transfer != NOT_SAID || matrix != NOT_SAID;
    }

    /// Perceptual quantiser, as in HDR10.
    public boolean isPq() {
        return transfer == PQ;
    }

    /// Hybrid log-gamma.
    public boolean isHlg() {
        return transfer == HLG;
    }
}
