package dev.atrium.standalone.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Tells the steps as they pass, and waits where the story has to. */
final class Narrator {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println(title);
    }

    /** A step that held, with its figure. */
    void holds(String step, Object... figures) {
        out.println("  ✓ " + String.format(Locale.ROOT, step, figures));
    }

    static void expect(boolean asPromised, String expected, Object seen) {
        if (!asPromised) {
            throw new SurpriseException(expected, seen);
        }
    }

    /**
     * @return how long it took
     */
    static Duration await(String what, Duration atMost, BooleanSupplier isSo) {
        long start = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waited.compareTo(atMost) > 0) {
                throw new SurpriseException(
                        what + " within " + atMost.toSeconds() + " s", "not so until then");
            }
            pause();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
