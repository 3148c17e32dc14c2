package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/** Names a window; its order is that in which windows are locked, the database's own. */
public record WindowKey(PolicyId policy, Instant start) implements Comparable<WindowKey> {
    private static final Comparator<UUID> AS_POSTGRES =
            ((Comparator<UUID>)
                            (one, other) ->
                                    Long.compareUnsigned(
                                            one.getMostSignificantBits(),
                                            other.getMostSignificantBits()))
                    .thenComparing((one, other) ->
                            Long.compareUnsigned(
                                    one.getLeastSignificantBits(),
                                    other.getLeastSignificantBits()));
    private static final Comparator<WindowKey> ORDER =
            Comparator.comparing((WindowKey key) -> key.policy().value(), AS_POSTGRES)
                    .thenComparing(WindowKey::start);

    @Override
    public int compareTo(WindowKey other) {
        return ORDER.compare(this, other);
    }
}
