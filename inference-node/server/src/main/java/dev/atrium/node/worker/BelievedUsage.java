package dev.atrium.node.worker;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import org.jspecify.annotations.Nullable;

/**
 * What a call used so far, as far as its worker can be believed: never less than it said before,
 * and never more than is possible. A hostile model could otherwise run up its callers' bills.
 */
final class BelievedUsage {
    private final long mostInput;
    private final long mostOutput;
    private final Media mostMedia;
    private volatile NodeUsage usage = NodeUsage.NONE;
    private volatile long startedNanos = System.nanoTime();
    private volatile double part = 1;

    /**
     * @param mostInput tokens that the inputs can have at most
     * @param mostOutput tokens that may be generated
     */
    BelievedUsage(long mostInput, long mostOutput) {
        this(mostInput, mostOutput, Media.NONE);
    }

    /**
     * @param mostMedia pictures and sound that the input can hold at most
     */
    BelievedUsage(long mostInput, long mostOutput, Media mostMedia) {
        this.mostInput = mostInput;
        this.mostOutput = mostOutput;
        this.mostMedia = mostMedia;
    }

    /**
     * @param ofBatch the call's part of what is computed together with it
     */
    void started(double ofBatch) {
        part = ofBatch;
        startedNanos = System.nanoTime();
    }

    void said(NodeUsage said) {
        NodeUsage known = usage;
        long input = grown(known.inputTokens(), said.inputTokens(), mostInput);
        usage =
                new NodeUsage(
                        input,
                        grown(known.outputTokens(), said.outputTokens(), mostOutput),
                        grown(known.computeMicros(), said.computeMicros(), elapsedMicros()),
                        known.energy(),
                        cached(said.cachedInputTokens(), input),
                        media(known.media(), said.media()));
    }

    /** As the worker says, where that can be. */
    private static @Nullable Long cached(@Nullable Long said, long input) {
        return said == null ? null : Math.clamp(said, 0, input);
    }

    private @Nullable Media media(@Nullable Media known, @Nullable Media said) {
        Media before = Media.orNone(known);
        Media now = Media.orNone(said);
        return Media.of(
                grown(before.images(), now.images(), mostMedia.images()),
                grown(before.audioMillis(), now.audioMillis(), mostMedia.audioMillis()));
    }

    private static long grown(long known, long said, long most) {
        return Math.max(known, Math.min(said, most));
    }

    private long elapsedMicros() {
        return (System.nanoTime() - startedNanos) / 1_000;
    }

    /** The worker will say no more: it computed until now. */
    void lost() {
        usage = untilNow();
    }

    /** By our own clocks; what the worker says of it is not even read. */
    void took(@Nullable Energy energy) {
        usage = usage.with(energy);
    }

    NodeUsage known() {
        return usage;
    }

    /** For a call that still runs. */
    NodeUsage untilNow() {
        NodeUsage known = usage;
        return new NodeUsage(
                        known.inputTokens(),
                        known.outputTokens(),
                        Math.max(known.computeMicros(), (long) (part * elapsedMicros())))
                .withCached(known.cachedInputTokens())
                .of(known.media());
    }
}
