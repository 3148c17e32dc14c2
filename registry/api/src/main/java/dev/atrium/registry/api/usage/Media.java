package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.pricing.Consumption;
import org.jspecify.annotations.Nullable;

/**
 * Pictures and sound that were computed. Where there was neither there is none of this.
 *
 * @param images how many pictures
 * @param audioMillis length of the sound, rounded up to the next millisecond; not how long the
 *     engine took
 */
public record Media(long images, long audioMillis) {
    public static final Media NONE = new Media(0, 0);

    /** Of one attempt, 11 days of sound: a million of such counts still fit into a sum. */
    private static final long MOST = 1_000_000_000;

    /** Null where there was neither. */
    public static @Nullable Media of(long images, long audioMillis) {
        return images == 0 && audioMillis == 0 ? null : new Media(images, audioMillis);
    }

    public static Media orNone(@Nullable Media media) {
        return media == null ? NONE : media;
    }

    /** Whether a node may say this, or nothing; the sums must hold whatever it says. */
    public static boolean isPlausible(@Nullable Media said) {
        return said == null || isPlausible(said.images) && isPlausible(said.audioMillis);
    }

    private static boolean isPlausible(long count) {
        return count >= 0 && count <= MOST;
    }

    /** What is charged for with the rest of what a call used. */
    public Consumption consumption(
            boolean reached, long inputTokens, long outputTokens, long computeMicros) {
        return new Consumption(
                reached, inputTokens, outputTokens, computeMicros, images, audioMillis);
    }

    public static @Nullable Media both(@Nullable Media one, @Nullable Media other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new Media(one.images + other.images, one.audioMillis + other.audioMillis);
    }
}
