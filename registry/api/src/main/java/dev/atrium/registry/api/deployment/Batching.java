package dev.atrium.registry.api.deployment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of a deployment are computed together; null is what the node's own settings say.
 *
 * @param enabled false computes every call alone, whatever the other members say
 * @param maxRows most rows or texts of a batch
 * @param maxBytes most input of a batch; one call may have more
 * @param maxDelayMicros longest that a free instance waits for more calls where that pays; 0 never
 *     waits
 * @param preferredRows sizes to which a batch is cut when that many rows wait; empty for none
 */
public record Batching(
        @Nullable Boolean enabled,
        @Nullable Integer maxRows,
        @Nullable Long maxBytes,
        @Nullable Long maxDelayMicros,
        @Nullable List<Integer> preferredRows) {
    public static final Batching DEFAULT = new Batching(null, null, null, null, null);

    public Batching {
        preferredRows = preferredRows == null ? null : List.copyOf(preferredRows);
    }

    /** This with what the other one says. */
    Batching with(Batching changes) {
        return new Batching(
                changes.enabled == null ? enabled : changes.enabled,
                changes.maxRows == null ? maxRows : changes.maxRows,
                changes.maxBytes == null ? maxBytes : changes.maxBytes,
                changes.maxDelayMicros == null ? maxDelayMicros : changes.maxDelayMicros,
                changes.preferredRows == null ? preferredRows : changes.preferredRows);
    }

    /** Not a property: its name must not look like one. */
    public boolean joinsCalls() {
        return enabled == null || enabled;
    }
}
