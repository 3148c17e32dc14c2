package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.WorkerDeath;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Whose calls a copy's worker died under, and where these tenants go on.
 *
 * <p>A call can kill a worker, by a fault of the model or on purpose. Who was in it then gets a
 * worker of its own, each tenant another one, so that the next such call shows who it was and harms
 * nobody else. Innocents return after a while. The version itself is not judged by what strangers
 * do to it, or a call would be a weapon.
 */
final class Suspects {
    /** More would take the node's memory; who is left in the shared worker may be next time. */
    private static final int MOST_ASIDE = 4;

    /** So many callers are told from one another; with more, nobody is ever alone. */
    private static final int MOST_CALLERS = 1_000;

    private final Aside.Starter starter;
    private final ModelProperties properties;
    private final BiConsumer<TenantId, Aside.Record> onEvidence;
    private final Map<TenantId, Integer> running = new ConcurrentHashMap<>();
    private final Set<TenantId> callers = ConcurrentHashMap.newKeySet();
    private final Map<TenantId, Aside> asides = new ConcurrentHashMap<>();
    private volatile boolean retired;

    /**
     * @param onEvidence hears of every death of a worker that only one tenant called
     */
    Suspects(
            Aside.Starter starter,
            ModelProperties properties,
            BiConsumer<TenantId, Aside.Record> onEvidence) {
        this.starter = starter;
        this.properties = properties;
        this.onEvidence = onEvidence;
    }

    /** A call of this tenant goes to the shared worker. */
    void began(TenantId tenant) {
        if (callers.size() < MOST_CALLERS) {
            callers.add(tenant);
        }
        running.merge(tenant, 1, Integer::sum);
    }

    void ended(TenantId tenant) {
        running.computeIfPresent(tenant, (_, calls) -> calls == 1 ? null : calls - 1);
    }

    /** Before the shared worker takes calls; runs when it dies, before its calls are told. */
    void follow(HostedModel shared) {
        shared.death().thenRun(this::accuse);
    }

    private void accuse() {
        Set<TenantId> suspects = Set.copyOf(running.keySet());
        boolean nobodyElse = suspects.containsAll(callers) && suspects.size() <= 1;
        if (nobodyElse || retired) {
            return;
        }
        suspects.stream()
                .limit(Math.max(0, MOST_ASIDE - asides.size()))
                .forEach(tenant -> asides.computeIfAbsent(tenant, this::aside));
    }

    private Aside aside(TenantId tenant) {
        Aside aside = new Aside(starter, properties, record -> onEvidence.accept(tenant, record));
        aside.start();
        return aside;
    }

    /** The worker that this tenant has for itself; empty when it shares the others'. */
    Optional<Aside> of(TenantId tenant) {
        Aside aside = asides.get(tenant);
        if (aside != null && aside.hasProvenItself()) {
            asides.remove(tenant, aside);
            aside.retire();
            return Optional.empty();
        }
        return Optional.ofNullable(aside);
    }

    int inFlight() {
        return asides.values().stream().mapToInt(Aside::inFlight).sum();
    }

    long residentBytes() {
        return asides.values().stream().mapToLong(Aside::residentBytes).sum();
    }

    /** The copy is unloaded until it is called: nobody keeps a worker. */
    void rest() {
        asides.values().forEach(Aside::retire);
        asides.clear();
    }

    /** The copy takes no calls any more. */
    void retire() {
        retired = true;
        asides.values().forEach(Aside::retire);
    }

    /** Of a version that its owner's own calls speak against. */
    static String verdict(WorkerDeath death) {
        return "calls of the version's owner end its worker again and again: the worker "
                + death.cause()
                + lastWords(death);
    }

    /** What a worker said in the end, to go on with after how it ended. */
    static String lastWords(WorkerDeath death) {
        String last = String.join("; ", death.lastWords());
        return last.isEmpty() ? "" : ": " + last;
    }
}
