package dev.atrium.registry.api.json;

import java.time.Instant;

/** Moments of the same few seconds are written all the time; what they begin with is kept. */
final class InstantText {
    private static final int PLACES_BITS = 6;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int NANO_DIGITS = 9;

    /** Whoever overtakes another writes the same again. */
    private static final Second[] KEPT = new Second[1 << PLACES_BITS];

    /**
     * @param text up to the second's last digit
     */
    private record Second(long epochSecond, String text) {}

    private InstantText() {}

    static void append(Instant moment, StringBuilder to) {
        to.append(second(moment.getEpochSecond())).append('.');
        int begin = to.length();
        to.repeat('0', NANO_DIGITS);
        int nanos = moment.getNano();
        for (int at = begin + NANO_DIGITS - 1; nanos > 0; at--) {
            to.setCharAt(at, (char) ('0' + nanos % 10));
            nanos /= 10;
        }
        to.append('Z');
    }

    private static String second(long epochSecond) {
        // Windows begin at midnight, a multiple of every small power of two.
        int place = (int) (epochSecond * GOLDEN >>> (Long.SIZE - PLACES_BITS));
        Second kept = KEPT[place];
        if (kept != null && kept.epochSecond == epochSecond) {
            return kept.text;
        }
        String whole = Instant.ofEpochSecond(epochSecond).toString();
        Second fresh = new Second(epochSecond, whole.substring(0, whole.length() - 1));
        KEPT[place] = fresh;
        return fresh.text;
    }
}
