package dev.atrium.gateway.quota;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.registry.api.quota.Recall;
import dev.atrium.registry.api.quota.RecallPage;
import java.time.Duration;

/** Hears what other gateways need, by a long poll, and has it given back at once. */
final class RecallListener {
    private static final Duration NOT_JOINED = Duration.ofMillis(20);
    private static final Duration WITHOUT_SEQUENCE = Duration.ofMillis(100);

    private final QuotaProperties properties;
    private final RegistryClient registry;
    private final Membership membership;
    private final LeaseBook book;
    private final MonotonicClock clock;
    private long sequence;

    RecallListener(
            QuotaProperties properties,
            RegistryClient registry,
            Membership membership,
            LeaseBook book,
            MonotonicClock clock) {
        this.properties = properties;
        this.registry = registry;
        this.membership = membership;
        this.book = book;
        this.clock = clock;
    }

    Duration listen() throws InterruptedException {
        if (!membership.isJoined()) {
            return NOT_JOINED;
        }
        RecallPage page =
                registry.get(
                        "/internal/v1/leases/recalls?after="
                                + sequence
                                + "&waitMillis="
                                + properties.recallWait().toMillis(),
                        properties.recallWait(),
                        RecallPage.class);
        heard(page, clock.nanos());
        return sequence == 0 ? WITHOUT_SEQUENCE : Duration.ZERO;
    }

    /** The last recall that was heard of; 0 for none. */
    long sequence() {
        return sequence;
    }

    void heard(RecallPage page, long now) {
        if (sequence == 0) {
            // Nobody knows what was recalled before.
            book.all().forEach(allowance -> allowance.recalled(now));
        }
        for (Recall recall : page.recalls()) {
            book.find(recall.policyId()).ifPresent(allowance -> allowance.recalled(now));
        }
        sequence = page.sequence();
        book.wake();
    }
}
