package dev.atrium.registry.quota;

import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.registry.quota.window.Windows;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Locks the windows that charges belong to, always in the same order.
 *
 * <p>A charge with a lease names its window. One without may name any moment of it (nobody asks for
 * a lease of a soft policy), and goes to the window that was open at that moment; a charge never
 * makes a window of its own choice, which would be a fresh quota.
 */
@Component
class ChargedWindows {
    /**
     * @param used per locked window what is to be counted
     * @param unknown how many windows belong to policies that do not exist
     */
    record Locked(SortedMap<WindowKey, Long> used, int unknown) {}

    private final ChargeStore store;
    private final Windows windows;
    private final Clock clock;

    ChargedWindows(ChargeStore store, Windows windows, Clock clock) {
        this.store = store;
        this.windows = windows;
        this.clock = clock;
    }

    /** Rates and levels are not charged; charges of them are passed over. */
    Locked lock(SortedMap<WindowKey, Long> charged) {
        SortedMap<WindowKey, Long> used = new TreeMap<>();
        SortedSet<WindowKey> missing = new TreeSet<>();
        int unknown = 0;
        for (ChargeStore.ChargedWindow known : store.known(charged.keySet(), clock.instant())) {
            if (known.kind() == null) {
                unknown++;
            } else if (known.isCounted()) {
                long amount = charged.getOrDefault(known.key(), 0L);
                WindowKey window =
                        known.window() == null
                                ? openAt(known.key(), missing)
                                : new WindowKey(known.key().policy(), known.window());
                used.merge(window, amount, (one, other) -> Math.min(ChargeSums.MOST, one + other));
            }
        }
        if (missing.isEmpty()) {
            store.lock(used.keySet());
        } else {
            used.keySet().forEach(window -> lockOne(window, missing));
        }
        return new Locked(used, unknown);
    }

    private WindowKey openAt(WindowKey named, SortedSet<WindowKey> missing) {
        Instant now = clock.instant();
        Instant at = named.start().isAfter(now) ? now : named.start();
        WindowKey open = windows.of(named.policy(), at).orElseThrow().key();
        missing.add(open);
        return open;
    }

    private void lockOne(WindowKey window, SortedSet<WindowKey> missing) {
        if (missing.contains(window)) {
            windows.of(window.policy(), window.start())
                    .ifPresent(found -> windows.begin(found.policy(), found.present()));
        }
        store.lock(List.of(window));
    }
}
