package dev.atrium.registry.api.deployment;

import org.jspecify.annotations.Nullable;

/**
 * How a node computes a deployment's calls; null is what the node's own settings say.
 *
 * @param threads of one computation inside the engine
 * @param instances calls or batches that are computed at the same time; of a GGUF model,
 *     generations
 * @param device {@value #CPU}, which null is too, or {@code GPU:} and a number, as nodes report
 *     them
 * @param precision null is {@link Precision#AS_IS}
 */
public record Execution(
        @Nullable Integer threads,
        @Nullable Integer instances,
        @Nullable String device,
        @Nullable Precision precision,
        @Nullable Batching batching) {
    public static final String CPU = "CPU";
    public static final Execution DEFAULT = new Execution(null, null, null, null, null);

    /** What an absent one means. */
    public static Execution of(@Nullable Execution given) {
        return given == null ? DEFAULT : given;
    }

    public String wantedDevice() {
        return device == null ? CPU : device;
    }

    public Batching wantedBatching() {
        return batching == null ? Batching.DEFAULT : batching;
    }

    /** This with what the other one says. */
    public Execution with(Execution changes) {
        Batching changed = changes.batching();
        return new Execution(
                changes.threads == null ? threads : changes.threads,
                changes.instances == null ? instances : changes.instances,
                changes.device == null ? device : changes.device,
                changes.precision == null ? precision : changes.precision,
                changed == null ? batching : wantedBatching().with(changed));
    }

    /** Whether a model that was loaded for one of them serves the other as it is. */
    public boolean loadsLike(Execution other) {
        return withBatching(null).equals(other.withBatching(null));
    }

    public Execution withBatching(@Nullable Batching other) {
        return new Execution(threads, instances, device, precision, other);
    }
}
