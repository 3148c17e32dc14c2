package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.EngineException;

/**
 * One channel of samples, mostly from -1 to 1.
 *
 * @param samples not copied
 */
record Sound(int rate, float[] samples) {
    static final String PARAM = "audio";

    /** Of decoded samples at the rate of the file: 48 MB. */
    private static final int MOST_SAMPLES = 12_000_000;

    private static final int LEAST_RATE = 1_000;
    private static final int MOST_RATE = 384_000;
    private static final int MOST_CHANNELS = 32;

    /**
     * How many samples may be decoded, for a file whose header is like this.
     *
     * @param longestSeconds that the version takes
     */
    static int mostSamples(long rate, int channels, int longestSeconds) {
        if (rate < LEAST_RATE || rate > MOST_RATE) {
            throw broken(
                    "has a sample rate of "
                            + rate
                            + " Hz; there are "
                            + LEAST_RATE
                            + " to "
                            + MOST_RATE);
        }
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw broken("has " + channels + " channels; there are 1 to " + MOST_CHANNELS);
        }
        return (int) Math.min(MOST_SAMPLES, rate * longestSeconds);
    }

    /** A part of a second more is a longer recording, and so is charged. */
    long millis() {
        return Math.ceilDiv(1_000L * samples.length, rate);
    }

    static EngineException broken(String what) {
        return EngineException.invalidPart(PARAM, what);
    }

    /**
     * @param most samples that may be decoded
     */
    static EngineException tooLong(long rate, int most) {
        return EngineException.tooLarge(
                PARAM,
                "is longer than the "
                        + most / rate
                        + " seconds that this model takes at a sample rate of "
                        + rate
                        + " Hz; send a part of it");
    }
}
