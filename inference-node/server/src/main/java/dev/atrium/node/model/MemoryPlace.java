package dev.atrium.node.model;

import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.node.PlacementOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One copy's place in the node's memory: what it needs, when it was called, whether it may go. */
final class MemoryPlace implements Occupant {
    /** Beside its files a worker takes at least this; only until the copy was measured. */
    private static final long WORKER_BYTES = 96L << 20;

    private final ModelMemory memory;
    private final Duration leastStay;
    private final Supplier<PlacementOrder> order;
    private final LongSupplier resident;
    private final BooleanSupplier isIdle;
    private final BooleanSupplier isCalled;
    private volatile CompletableFuture<Occupant> displaced = new CompletableFuture<>();
    private volatile long lastUse = System.nanoTime();
    private volatile long measured;
    private volatile boolean wasDisplaced;

    /**
     * @param resident bytes that the copy takes now
     * @param isIdle whether it is READY and has no calls
     * @param isCalled whether a call waits for it to be loaded
     */
    MemoryPlace(
            ModelMemory memory,
            Duration leastStay,
            Supplier<PlacementOrder> order,
            LongSupplier resident,
            BooleanSupplier isIdle,
            BooleanSupplier isCalled) {
        this.memory = memory;
        this.leastStay = leastStay;
        this.order = order;
        this.resident = resident;
        this.isIdle = isIdle;
        this.isCalled = isCalled;
    }

    /**
     * Waits for room. Blocks.
     *
     * @param waits is told what is waited for, and rests until it is time to ask again
     * @return false when the copy is not wanted any more
     * @throws NoRoomException when there never will be room here
     */
    boolean enter(CompletableFuture<Void> unwanted, Consumer<String> waits) {
        while (!unwanted.isDone()) {
            switch (memory.admit(this)) {
                case ModelMemory.Admission.Admitted(List<CompletableFuture<Void>> leaving) -> {
                    CompletableFuture<?>[] all = leaving.toArray(CompletableFuture[]::new);
                    CompletableFuture.anyOf(unwanted, CompletableFuture.allOf(all)).join();
                    return !unwanted.isDone();
                }
                case ModelMemory.Admission.NoRoom(String words) -> waits.accept(words);
                case ModelMemory.Admission.TooLarge(String words) ->
                        throw new NoRoomException(words);
            }
        }
        return false;
    }

    /**
     * The copy is loaded.
     *
     * @return completes when it has to make way, with whom for
     */
    CompletableFuture<Occupant> settle() {
        CompletableFuture<Occupant> displacement = new CompletableFuture<>();
        displaced = displacement;
        lastUse = System.nanoTime();
        memory.loaded(this);
        return displacement;
    }

    /** A call came or ended. */
    void used() {
        lastUse = System.nanoTime();
    }

    /** Since it was used, or became ready. */
    Duration unused() {
        return Duration.ofNanos(System.nanoTime() - lastUse);
    }

    /** Whether it was ever unloaded for another. */
    boolean hasMadeWay() {
        return wasDisplaced;
    }

    /**
     * While it is still loaded; a worker that died takes nothing, which says nothing of the next.
     */
    void measure() {
        long taken = resident.getAsLong();
        if (taken > 0) {
            measured = taken;
        }
    }

    /** The copy is not in memory any more. */
    void leave() {
        memory.left(this);
    }

    @Override
    public ModelName model() {
        return order.get().model();
    }

    /** What it took when it was last here; before that, its files and a worker. */
    @Override
    public long neededBytes() {
        return measured > 0
                ? measured
                : WORKER_BYTES + order.get().files().stream().mapToLong(ModelFile::bytes).sum();
    }

    @Override
    public long residentBytes() {
        return resident.getAsLong();
    }

    @Override
    public boolean mayDisplace() {
        return !wasDisplaced || isCalled.getAsBoolean();
    }

    @Override
    public boolean mayBeDisplaced() {
        return !order.get().staysLoaded()
                && !displaced.isDone()
                && isIdle.getAsBoolean()
                && System.nanoTime() - lastUse > leastStay.toNanos();
    }

    @Override
    public long lastUse() {
        return lastUse;
    }

    @Override
    public void giveWay(Occupant other) {
        wasDisplaced = true;
        displaced.complete(other);
    }
}
