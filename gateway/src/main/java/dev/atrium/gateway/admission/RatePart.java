package dev.atrium.gateway.admission;

/**
 * The part of a rate that this gateway has, in slices that move between gateways: one is handed on
 * only when nothing that was taken with it counts any more. So what several gateways take together
 * stays within the bound of the whole rate. All times are monotonic nanoseconds.
 */
public sealed interface RatePart permits Gcra, SlidingWindow {
    /** Takes between {@code least} and {@code most}; 0 when not even {@code least} conforms. */
    long take(long least, long most, long now);

    /** What {@link #refund} needs to know of something that is taken now. */
    int mark(long now);

    /**
     * Gives back what was taken and not used.
     *
     * @param mark of when it was taken
     */
    void refund(long units, int mark, long now);

    /** Takes over slices, with which nothing was taken lately. */
    void gain(long more, long now);

    /** Sets everything beyond {@code keep} slices aside. */
    void park(long keep, long now);

    /** Takes the parked slices back into use. */
    void unpark(long now);

    /**
     * Takes parked slices out that may be handed on.
     *
     * @return how many
     */
    long release(long now);

    /**
     * Gives everything up, whatever was taken with it.
     *
     * @return how many slices these were
     */
    long drop(long now);

    /** What could be taken now. */
    long credit(long now);

    /** Slices that serve calls. */
    long held();

    /** Slices that are on their way out. */
    long parked();

    /** Slices of all gateways together. */
    long slices();

    /** Until so much can be taken with the slices of now; {@link Long#MAX_VALUE} for never. */
    long nanosUntil(long units, long now);

    /** Until nothing shows any more that something was taken. */
    long nanosUntilFull(long now);

    /** How many slices, fresh ones, let so much be taken. */
    long slicesFor(double units);

    /** How many slices serve so many units in every second. */
    long slicesForRate(double unitsPerSecond);
}
