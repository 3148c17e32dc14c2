package dev.atrium.gateway.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Parts of one rate that take at random while slices move between them. */
final class MovingParts {
    /** What was taken and not given back, and when. */
    record Taken(long at, long units) {}

    private final List<? extends RatePart> parts;
    private final Random random;
    private long free;

    MovingParts(List<? extends RatePart> parts, Random random) {
        this.parts = parts;
        this.random = random;
        this.free = parts.getFirst().slices();
    }

    List<Taken> takeAtRandom(int steps) {
        List<Taken> all = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < steps; i++) {
            now += (long) (random.nextDouble() * random.nextDouble() * 30e6);
            RatePart one = parts.get(random.nextInt(parts.size()));
            switch (random.nextInt(12)) {
                case 0 -> one.park(random.nextInt((int) one.held() + 1), now);
                case 1 -> one.unpark(now);
                case 2 -> {
                    long gained = free == 0 ? 0 : 1 + random.nextLong(free);
                    one.gain(gained, now);
                    free -= gained;
                }
                case 3, 4 -> free += one.release(now);
                default -> all.add(new Taken(now, take(one, now)));
            }
        }
        return all;
    }

    /** A refund counts as if so much less had been taken in the first place. */
    private long take(RatePart one, long now) {
        int mark = one.mark(now);
        long taken = one.take(1, 1 + random.nextInt(5), now);
        long unused = taken > 1 && random.nextInt(4) == 0 ? 1 : 0;
        if (unused > 0) {
            one.refund(unused, mark, now);
        }
        return taken - unused;
    }

    /** Wherever they are. */
    long slices() {
        return free + parts.stream().mapToLong(each -> each.held() + each.parked()).sum();
    }
}
