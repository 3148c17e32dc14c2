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
    private final Leases leases;
    private final MonotonicClock clock;
    private long sequence;

    RecallListener(
            QuotaProperties properties,
            RegistryClient registry,
            Membership membership,
            Leases leases,
            MonotonicClock clock) {
        this.properties = properties;
        this.registry = registry;
        this.membership = membership;
        this.leases = leases;
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
        long now = clock.nanos();
        if (sequence == 0) {
            // Nobody knows what was recalled before.
            leases.all().forEach(allowance -> allowance.recalled(now));
        }
        for (Recall recall : page.recalls()) {
            leases.find(recall.policyId()).ifPresent(allowance -> allowance.recalled(now));
        }
        sequence = page.sequence();
        leases.wake();
        return sequence == 0 ? WITHOUT_SEQUENCE : Duration.ZERO;
    }
}
