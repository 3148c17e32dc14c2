package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The rows that charges move, in the caller's transaction. */
interface ChargeStore {
    /**
     * Where a charge belongs.
     *
     * @param key as the charge names it
     * @param kind of its policy; null where there is no such policy
     * @param window where it is counted; null where nobody has begun it
     */
    record ChargedWindow(WindowKey key, @Nullable Window kind, @Nullable Instant window) {
        boolean isCounted() {
            return kind != null && kind.isQuota();
        }
    }

    /**
     * @param unknown leases that there are not
     * @param exceeded leases that did not hold what was said to be reserved
     */
    record Odd(long unknown, long exceeded) {}

    /** Each of these windows, else the one of the same policy that was open at its beginning. */
    List<ChargedWindow> known(Collection<WindowKey> keys, Instant now);

    /** In their order. */
    void lock(Collection<WindowKey> keys);

    /**
     * Moves what was reserved out of leases, as far as they hold it, and what was used into
     * windows; these are locked.
     */
    Odd settle(Map<ChargeSums.LeaseKey, Long> reserved, SortedMap<WindowKey, Long> used);
}
