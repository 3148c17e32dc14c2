package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.registry.quota.window.Windows;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Answers one wish in one short transaction.
 *
 * <p>The window's row is locked first and holds off everybody else who would change the window or
 * one of its leases; all figures are read after that.
 */
@Component
class LeaseDesk {
    /**
     * @param awaited what is to become free because others could give it; 0 where waiting is of no
     *     use
     */
    record Answered(WindowKey window, LeaseState state, long awaited) {}

    private final LeaseStore store;
    private final Windows windows;
    private final LeaseProperties properties;
    private final Clock clock;

    LeaseDesk(LeaseStore store, Windows windows, LeaseProperties properties, Clock clock) {
        this.store = store;
        this.windows = windows;
        this.properties = properties;
        this.clock = clock;
    }

    /** Empty for a policy or window that does not exist (any more). */
    @Transactional("platformTransactionManager")
    public Optional<Answered> answer(Holder holder, LeaseWish wish) {
        Instant now = clock.instant();
        Optional<Windows.Found> found =
                wish.windowStart() == null
                        ? windows.present(wish.policyId(), now)
                        : named(wish.policyId(), wish.windowStart(), now);
        return found.map(window -> answer(holder, wish, window, now));
    }

    /** Who always names its window would otherwise never hear that it is cut another way now. */
    private Optional<Windows.Found> named(PolicyId policy, Instant start, Instant now) {
        Optional<Windows.Found> found = windows.exactly(policy, start);
        if (found.filter(Windows.Found::isCutOtherwise).isEmpty()) {
            return found;
        }
        windows.present(policy, now);
        return windows.exactly(policy, start);
    }

    private Answered answer(Holder holder, LeaseWish wish, Windows.Found found, Instant now) {
        WindowKey key = found.key();
        WindowFigures locked = store.lock(key);
        // The next one has begun, though perhaps by the clock of a registry that is ahead of this.
        WindowFigures window = found.isWithoutEnd() ? locked.endedBy(now) : locked;
        Optional<Lease> former = store.lease(key, holder);
        LeaseStore.Others others = store.others(key, holder);
        long limit = found.limit();
        Lease heard = former.orElseGet(() -> Lease.fresh(store.newId())).hears(wish, store::newId);
        long free = window.with(former, heard).free(limit);
        long granted =
                window.isOpen(now)
                        ? Sharing.grant(free, others.gateways(), wish.atLeast(), wish.want())
                        : 0;
        Lease lease = heard.grants(granted);
        boolean keeps = former.isPresent() || !lease.isNothing();
        WindowFigures after = keeps ? window.with(former, lease) : window;
        if (keeps) {
            store.put(key, holder, lease);
            store.move(key, window, after, granted, limit);
        }
        boolean couldBeGiven =
                granted == 0
                        && window.isOpen(now)
                        && free < wish.atLeast()
                        && wish.atLeast() <= free + others.outstanding();
        return new Answered(
                key,
                state(key, after, keeps ? lease : null, limit),
                couldBeGiven ? wish.atLeast() : 0);
    }

    private LeaseState state(
            WindowKey key, WindowFigures window, @Nullable Lease lease, long limit) {
        return new LeaseState(
                key.policy(),
                key.start(),
                window.end(),
                lease == null ? null : lease.id(),
                lease == null ? 0 : lease.amount(),
                properties.lifetime().toMillis(),
                limit,
                window.used(),
                window.reserved(),
                window.unreconciled());
    }
}
