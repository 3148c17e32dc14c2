package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.quota.PolicyId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PastLeasesTests {
    private static final long LATER = Duration.ofMinutes(1).toNanos();

    private final PastLeases past = new PastLeases(new PolicyId(UUID.randomUUID()));

    @Test
    void forgetsTheOldestOfMany() {
        List<Lease> leases = add(20);
        past.news();

        past.forget(LATER);

        assertThat(leases.subList(0, 4)).allMatch(lease -> past.find(lease.id()) == null);
        assertThat(leases.subList(4, 20)).allMatch(lease -> past.find(lease.id()) == lease);
    }

    @Test
    void forgetsNothingThatTheRegistryDoesNotKnow() {
        List<Lease> leases = add(20);

        past.forget(LATER);

        assertThat(leases).allMatch(lease -> past.find(lease.id()) == lease);
        assertThat(past.areSettled(LATER)).isFalse();
    }

    @Test
    void forgetsNothingThatHasJustEnded() {
        List<Lease> leases = add(20);
        past.news();

        past.forget(1);

        assertThat(leases).allMatch(lease -> past.find(lease.id()) == lease);
        assertThat(past.areSettled(1)).isFalse();
        assertThat(past.areSettled(LATER)).isTrue();
    }

    private List<Lease> add(int count) {
        List<Lease> leases =
                IntStream.range(0, count)
                        .mapToObj(i -> new Lease(UUID.randomUUID(), Instant.ofEpochSecond(i), 1))
                        .toList();
        leases.forEach(lease -> past.add(lease, 0));
        return leases;
    }
}
