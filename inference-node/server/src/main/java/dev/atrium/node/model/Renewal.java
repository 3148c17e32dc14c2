package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.WorkerDiedException;
import dev.atrium.registry.api.node.PlacementOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second worker for a version whose settings have changed, loaded while the first one serves. It
 * has a place of its own in the node's memory until one of the two is gone.
 */
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

    private static final Duration AT_THE_DOOR = Duration.ofSeconds(1);

    /** How it came out. */
    sealed interface Outcome {
        /** It is warm. */
        record Loaded(HostedModel model) implements Outcome {}

        /** There is no room for two; the first one has to leave before. */
        record NoRoom() implements Outcome {}

        /** The version cannot be loaded like this. */
        record Failed(String why) implements Outcome {}
    }

    private final MemoryPlace place;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private volatile @Nullable HostedModel leaving;

    /**
     * Begins to load.
     *
     * @param loader blocks
     */
    Renewal(
            ModelMemory memory,
            ModelProperties properties,
            Supplier<PlacementOrder> order,
            Aside.Starter loader) {
        this.place =
                new MemoryPlace(
                        memory,
                        properties.leastStay(),
                        order,
                        this::leavingBytes,
                        () -> false,
                        () -> false);
        Thread.ofVirtual().name("renewal").start(() -> load(loader));
    }

    private void load(Aside.Starter loader) {
        try {
            boolean entered = place.enter(givenUp, words -> givenUp.complete(null));
            finish(entered ? new Outcome.Loaded(loader.start()) : new Outcome.NoRoom());
        } catch (WorkerDiedException e) {
            String words = "the worker " + e.death().cause() + " while loading or warming up";
            finish(new Outcome.Failed(words + Suspects.lastWords(e.death())));
        } catch (Exception e) {
            LOG.warn("a version is not loaded with other settings", e);
            finish(new Outcome.Failed(String.valueOf(e.getMessage())));
        }
    }

    private void finish(Outcome how) {
        if (!(how instanceof Outcome.Loaded)) {
            place.leave();
        }
        outcome.complete(how);
    }

    /** Never fails. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** The new one serves; the old one finishes its calls, and those that are at its door. */
    void replaces(HostedModel old, HostedModel next, ModelProperties properties) {
        leaving = old;
        old.succeededBy(next);
        Thread.ofVirtual()
                .name("renewed")
                .start(() -> {
                    Drain.unload(old, AT_THE_DOOR, properties.drainTimeout());
                    leaving = null;
                    place.leave();
                });
    }

    private long leavingBytes() {
        HostedModel old = leaving;
        return old == null ? 0 : old.residentBytes();
    }

    /** Nobody wants it any more, whatever becomes of it. */
    void abandon() {
        givenUp.complete(null);
        outcome.thenAccept(how -> {
            if (how instanceof Outcome.Loaded(HostedModel model)) {
                model.unload();
                place.leave();
            }
        });
    }
}
