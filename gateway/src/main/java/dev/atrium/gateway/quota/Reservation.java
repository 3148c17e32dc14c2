package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one call holds of the policies that apply to it, from admission to its end.
 *
 * <p>Until it is opened it can be rolled back without a trace. From then on the journal answers for
 * what was taken of totals: it is settled once, or resolved after the gateway's death. Rates and
 * permits end with the call itself, whatever its end is. Safe to use from several threads: a call
 * may end while it waits.
 */
public final class Reservation {
    /** Of a call that no policy applies to. */
    public static final Reservation NONE = new Reservation(List.of(), null, 0);

    private final List<Allowance> allowances;
    private final Map<Allowance, Take> takes;
    private final Set<Allowance> wouldHaveRefused = new HashSet<>();
    private final @Nullable Price price;
    private final long waitUntil;
    private boolean opened;
    private boolean settled;
    private boolean ended;
    private @Nullable Demand demand;

    Reservation(List<Allowance> allowances, @Nullable Price price, long waitUntil) {
        this.allowances = allowances;
        this.price = price;
        this.takes = allowances.isEmpty() ? Map.of() : new HashMap<>();
        this.waitUntil = waitUntil;
    }

    List<Allowance> allowances() {
        return allowances;
    }

    public boolean isEmpty() {
        return allowances.isEmpty();
    }

    /** What the call is paid by; null where it has no price. */
    @Nullable Price price() {
        return price;
    }

    long waitUntil() {
        return waitUntil;
    }

    /**
     * @return false when the call has ended: what was taken must go back
     */
    synchronized boolean add(Take take) {
        if (ended) {
            return false;
        }
        takes.put(take.allowance(), take);
        return true;
    }

    /** A dry run would have refused the call, which goes on without taking anything. */
    synchronized void wouldHaveRefused(Allowance allowance) {
        wouldHaveRefused.add(allowance);
    }

    /**
     * The least that any hard policy has granted of this unit; {@code otherwise} where none counts
     * it.
     */
    synchronized long granted(Unit unit, long otherwise) {
        long least = otherwise;
        for (Take take : takes.values()) {
            FeedPolicy policy = take.allowance().policy;
            if (policy.unit() == unit && policy.mode() == Mode.HARD) {
                least = Math.min(least, take.units());
            }
        }
        return least;
    }

    /** Puts back what the call cannot use, now that other policies have bounded it further. */
    synchronized void fit(Demand fitted, long now) {
        demand = fitted;
        takes.replaceAll((allowance, take) -> {
            long surplus = Math.max(0, take.units() - fitted.worst(allowance.policy));
            take.putBack(surplus, now);
            return take.less(surplus);
        });
    }

    /** Most tokens that the call may generate. */
    public synchronized long outputTokens() {
        return demand == null ? 0 : demand.tokens().output();
    }

    /** The call's deadline. */
    public synchronized Duration deadline() {
        return demand == null ? Duration.ZERO : Duration.ofMillis(demand.computeMillis());
    }

    /** What the journal must know before a node hears of the call. */
    public List<Charge> open(Instant openedAt) {
        return allowances.isEmpty() ? List.of() : openAll(openedAt);
    }

    private synchronized List<Charge> openAll(Instant openedAt) {
        if (ended) {
            return List.of();
        }
        opened = true;
        List<Charge> charges = new ArrayList<>(allowances.size());
        for (Allowance allowance : allowances) {
            if (allowance.policy.window().isQuota() && worst(allowance) > 0) {
                charges.add(charge(allowance, openedAt));
            }
        }
        return charges;
    }

    private long worst(Allowance allowance) {
        return demand == null ? 0 : demand.worst(allowance.policy);
    }

    private Charge charge(Allowance allowance, Instant openedAt) {
        Take take = takes.get(allowance);
        Lease lease = take == null ? null : take.lease();
        return new Charge(
                allowance.policy.id(),
                lease == null ? momentInWindow(allowance, openedAt) : lease.windowStart(),
                allowance.policy.unit(),
                lease == null ? null : lease.id(),
                take == null ? worst(allowance) : take.units(),
                0,
                wouldHaveRefused.contains(allowance));
    }

    /** Without a lease any moment of the window will do: the registry knows which it is. */
    private static Instant momentInWindow(Allowance allowance, Instant openedAt) {
        LeaseState said = allowance.state;
        if (said == null || said.windowEnd() == null || !openedAt.isBefore(said.windowEnd())) {
            return openedAt;
        }
        return said.windowStart();
    }

    /** Gives what a rate counted and the call did not use back. The ledger does so for totals. */
    synchronized void settle(Consumption call, long now) {
        if (!settled && !allowances.isEmpty()) {
            settled = true;
            for (Take take : takes.values()) {
                if (take.allowance().policy.window().isRate()) {
                    long used = take.allowance().policy.unit().used(call, price);
                    take.putBack(Math.max(0, take.units() - used), now);
                }
            }
        }
    }

    /** The journal could not take the call over: as if it had never been. */
    public void rollBack() {
        if (!allowances.isEmpty()) {
            forget();
        }
    }

    private synchronized void forget() {
        opened = false;
    }

    /** What was taken is used, for what is no call of a model or not yet one. */
    synchronized void spend(long now) {
        opened = true;
        end(now);
    }

    /** The end of the call, whatever it was; further calls do nothing. */
    synchronized void end(long now) {
        if (ended) {
            return;
        }
        ended = true;
        for (Take take : takes.values()) {
            boolean isPermit = take.allowance().policy.window() == Window.NONE;
            if (isPermit || !opened) {
                take.allowance().release(take, now);
            } else {
                take.allowance().ended();
            }
        }
    }

    synchronized List<Standing> standings(long now) {
        List<Standing> standings = new ArrayList<>(allowances.size());
        for (Allowance allowance : allowances) {
            if (allowance.policy.mode() == Mode.HARD) {
                standings.add(allowance.standing(now));
            }
        }
        return standings;
    }
}
