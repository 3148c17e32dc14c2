package dev.atrium.node.inference;

import dev.atrium.node.usage.AttemptKey;

/** A set of attempts to which is only added: two numbers each, in open addressing. */
final class AttemptTable {
    private static final int LEAST_PLACES = 1_024;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private long[] numbers;
    private int size;

    /**
     * @param expected so many fit without a larger table
     */
    AttemptTable(int expected) {
        int places = Math.max(LEAST_PLACES, Integer.highestOneBit(Math.max(1, expected)) * 4);
        this.numbers = new long[2 * places];
    }

    int size() {
        return size;
    }

    boolean contains(AttemptKey key) {
        long high = high(key);
        long low = low(key);
        int place = place(high, low);
        return numbers[place] == high && numbers[place + 1] == low;
    }

    /** One that it does not contain. */
    void add(AttemptKey key) {
        if (4L * size >= numbers.length) {
            grow();
        }
        put(high(key), low(key));
        size++;
    }

    private void grow() {
        long[] former = numbers;
        numbers = new long[2 * former.length];
        for (int i = 0; i < former.length; i += 2) {
            if (former[i] != 0) {
                put(former[i], former[i + 1]);
            }
        }
    }

    private void put(long high, long low) {
        int place = place(high, low);
        numbers[place] = high;
        numbers[place + 1] = low;
    }

    /** Where it is, or would be. */
    private int place(long high, long low) {
        int mask = numbers.length - 1;
        long mixed = (high ^ low) * SPREAD;
        int place = (int) ((mixed >>> 32) << 1) & mask;
        while (numbers[place] != 0 && !(numbers[place] == high && numbers[place + 1] == low)) {
            place = (place + 2) & mask;
        }
        return place;
    }

    /** Never 0, which marks a free place. */
    private static long high(AttemptKey key) {
        long bits = key.callId().getMostSignificantBits();
        return bits == 0 ? 1 : bits;
    }

    /**
     * Two attempts have the same numbers only where their calls' random bits differ by just this,
     * as likely as the same id twice.
     */
    private static long low(AttemptKey key) {
        return key.callId().getLeastSignificantBits() + key.attempt() * SPREAD;
    }
}
