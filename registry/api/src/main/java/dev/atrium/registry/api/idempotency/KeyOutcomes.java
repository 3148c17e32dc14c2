package dev.atrium.registry.api.idempotency;

import java.util.List;

/** {@code POST /internal/v1/idempotency/outcomes}. At most 100, with 8 MiB of replies. */
public record KeyOutcomes(List<KeyOutcome> outcomes) {
    public static final int MOST = 100;
    public static final long MOST_BYTES = 8L * 1024 * 1024;

    public KeyOutcomes {
        outcomes = List.copyOf(outcomes);
    }
}
