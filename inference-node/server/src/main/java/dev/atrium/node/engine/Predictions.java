package dev.atrium.node.engine;

/** Where the answers to several questions go, each by its place among them, as they come. */
public interface Predictions {
    /** Whether anybody still waits for it. */
    boolean isWanted(int question);

    /**
     * @param micros that it took: its own preparation and its part of what was computed together
     */
    void answered(int question, Prediction prediction, long micros);

    void failed(int question, RuntimeException why, long micros);

    /** Questions that looked alike could not be computed together, and are now, one by one. */
    void wereNoBatch();
}
