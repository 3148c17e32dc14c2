package dev.atrium.node.engine.audio;

/**
 * Samples of telephony, of 8 bits on a logarithmic scale, as 16 bits on a linear one.
 *
 * @see "ITU-T G.711"
 */
final class Companding {
    private static final int MU_LAW_BIAS = 0x84;

    private Companding() {}

    static int aLaw(byte code) {
        int bits = code ^ 0x55;
        int exponent = bits >> 4 & 7;
        int mantissa = (bits & 0x0F) << 4;
        int magnitude = exponent == 0 ? mantissa + 8 : mantissa + 0x108 << exponent - 1;
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }

    static int muLaw(byte code) {
        int bits = ~code;
        int exponent = bits >> 4 & 7;
        int magnitude = (((bits & 0x0F) << 3) + MU_LAW_BIAS << exponent) - MU_LAW_BIAS;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }
}
