package dev.atrium.simulation;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Virtual time: what is to happen, in its order, and the one source of chance. Nothing in a
 * simulation may look at another clock or throw other dice, so a seed always tells the same story.
 */
final class Timeline {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    /** One life of a process: what it had still to do goes with it. */
    static final class Life {
        private boolean over;

        boolean isOver() {
            return over;
        }

        void end() {
            over = true;
        }
    }

    private record Event(long at, long number, Life life, String what, Runnable step)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int times = Long.compare(at, other.at);
            return times == 0 ? Long.compare(number, other.number) : times;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private long now;
    private long numbers;
    private long steps;
    private long digest = 17;

    Timeline(long seed) {
        random = new SplittableRandom(seed);
    }

    RandomGenerator random() {
        return random;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /** Of everything that happened; equal where two runs were equal. */
    long digest() {
        return digest;
    }

    void note(long fact) {
        digest = digest * 1_000_003 + fact;
    }

    void after(long nanos, Life life, String what, Runnable step) {
        events.add(new Event(now + Math.max(0, nanos), numbers++, life, what, step));
    }

    /** Takes the next step. */
    void step() {
        while (true) {
            Event next = events.poll();
            if (next == null) {
                throw new IllegalStateException("nothing is left to happen");
            }
            if (!next.life().isOver()) {
                now = next.at();
                steps++;
                note(now);
                note(next.what().hashCode());
                next.step().run();
                return;
            }
        }
    }

    /** Between, with most of it near the lower end. */
    long delay(long least, long most) {
        double part = random.nextDouble();
        return least + (long) ((most - least) * part * part * part);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }
}
