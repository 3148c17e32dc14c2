package dev.atrium.node.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/**
 * Who may be loaded: a copy is admitted when what it needs is free, of what models may take and of
 * what the machine has.
 *
 * <p>What a loaded copy takes is measured, at any moment. A copy that is being loaded counts with
 * what it needs or with what it takes already, whichever is more. Where there is no room, copies
 * that may be displaced are unloaded, those first that were not called for the longest time, if
 * that makes room at all; never another version of the same model, because a new version warms up
 * beside the old. Room that is made is the asker's from that moment on.
 *
 * @see "docs/adr/0027-a-models-life-on-a-node.md"
 */
final class ModelMemory {
    /** What became of a question for room. */
    sealed interface Admission {
        /** It may be loaded when these have left. */
        record Admitted(List<CompletableFuture<Void>> leaving) implements Admission {}

        /** Not now. */
        record NoRoom(String words) implements Admission {}

        /** Never on this node. */
        record TooLarge(String words) implements Admission {}
    }

    private record Held(long reserved, CompletableFuture<Void> left) {}

    private final LongSupplier most;
    private final LongSupplier available;
    private final Map<Occupant, Held> holders = new LinkedHashMap<>();

    /**
     * @param most bytes that all models together may take
     * @param available bytes that the machine can give now
     */
    ModelMemory(LongSupplier most, LongSupplier available) {
        this.most = most;
        this.available = available;
    }

    synchronized Admission admit(Occupant asks) {
        long need = asks.neededBytes();
        if (need > most.getAsLong()) {
            return new Admission.TooLarge(
                    "it needs about "
                            + megabytes(need)
                            + " of memory and this node gives models "
                            + megabytes(most.getAsLong())
                            + "; deploy it where there is a larger node");
        }
        long free = free();
        if (need <= free) {
            return hold(asks, need, List.of());
        }
        List<Occupant> victims = asks.mayDisplace() ? victims(asks, need - free) : List.of();
        return victims.isEmpty()
                ? new Admission.NoRoom(
                        "waits for memory: it needs about "
                                + megabytes(need)
                                + " and "
                                + megabytes(Math.max(0, free))
                                + " are free on this node")
                : hold(asks, need, victims);
    }

    private Admission hold(Occupant asks, long need, List<Occupant> victims) {
        holders.put(asks, new Held(need, new CompletableFuture<>()));
        List<CompletableFuture<Void>> leaving =
                victims.stream().map(victim -> held(victim).left()).toList();
        victims.forEach(victim -> victim.giveWay(asks));
        return new Admission.Admitted(leaving);
    }

    private Held held(Occupant occupant) {
        Held held = holders.get(occupant);
        if (held == null) {
            throw new IllegalArgumentException("holds no memory");
        }
        return held;
    }

    /** Least recently used first; none if all of them together were not enough. */
    private List<Occupant> victims(Occupant asks, long missing) {
        long now = System.nanoTime();
        List<Occupant> victims = new ArrayList<>();
        long left = missing;
        List<Occupant> candidates =
                holders.keySet().stream()
                        .filter(each -> !each.model().equals(asks.model()))
                        .filter(Occupant::mayBeDisplaced)
                        .sorted(Comparator.comparingLong(each -> each.lastUse() - now))
                        .toList();
        for (Occupant candidate : candidates) {
            if (left > 0) {
                victims.add(candidate);
                left -= candidate.residentBytes();
            }
        }
        return left > 0 ? List.of() : victims;
    }

    private long free() {
        long held = 0;
        long outstanding = 0;
        for (Map.Entry<Occupant, Held> holder : holders.entrySet()) {
            long resident = holder.getKey().residentBytes();
            long coming = Math.max(0, holder.getValue().reserved() - resident);
            held += resident + coming;
            outstanding += coming;
        }
        return Math.min(most.getAsLong() - held, available.getAsLong() - outstanding);
    }

    /** It is loaded: from now on what it takes is what counts. */
    synchronized void loaded(Occupant occupant) {
        holders.computeIfPresent(occupant, (_, held) -> new Held(0, held.left()));
    }

    /** It takes nothing any more; nothing happens when it held nothing. */
    void left(Occupant occupant) {
        Held held;
        synchronized (this) {
            held = holders.remove(occupant);
        }
        if (held != null) {
            held.left().complete(null);
        }
    }

    private static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, DataSize.ofMegabytes(1).toBytes()) + " MB";
    }
}
