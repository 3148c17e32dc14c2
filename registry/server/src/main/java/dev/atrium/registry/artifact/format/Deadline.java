package dev.atrium.registry.artifact.format;

import java.time.Duration;

/** The moment by which looking at an artifact must be over. */
public final class Deadline {
    private final Duration allowed;
    private final long endNanos;

    private Deadline(Duration allowed) {
        this.allowed = allowed;
        this.endNanos = System.nanoTime() + allowed.toNanos();
    }

    public static Deadline in(Duration allowed) {
        return new Deadline(allowed);
    }

    public void check() {
        if (System.nanoTime() - endNanos > 0) {
            throw new ArtifactRejectedException(
                    "inspecting the files took longer than " + allowed.toSeconds() + " s");
        }
    }
}
