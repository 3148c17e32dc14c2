package dev.atrium.gateway.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.testing.SettableClock;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefusalsTests {
    private static final Instant MINUTE = Instant.parse("2026-05-01T10:00:00Z");
    private static final TenantId ACME = new TenantId(UUID.randomUUID());
    private static final TenantId GLOBEX = new TenantId(UUID.randomUUID());

    private final SettableClock clock = new SettableClock(MINUTE.plusSeconds(7));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void listsAFewOfATenantInEachSecondAndCountsTheOthers() {
        Refusals refusals = refusals(3, 100, 100);

        note(refusals, ACME, 10);
        note(refusals, GLOBEX, 2);
        clock.advance(Duration.ofSeconds(1));
        note(refusals, ACME, 4);

        assertThat(refusals.next()).hasSize(3 + 2 + 3);
        assertThat(refusals.untoldCounts())
                .containsExactly(new UnlistedRefusals(ACME, MINUTE, "model_not_found", 7 + 1));
        assertThat(made).as("records are made only where they are kept").hasValue(8);
        assertThat(kept("listed")).isEqualTo(8);
        assertThat(kept("counted")).isEqualTo(8);
        assertThat(kept("dropped")).isZero();
    }

    @Test
    void countsWhatFindsNoPlaceUntilTheRegistryHasHeard() {
        Refusals refusals = refusals(1_000, 5, 100);
        note(refusals, ACME, 7);
        List<RefusedCall> batch = refusals.next();
        note(refusals, ACME, 1);

        refusals.told(batch, List.of());
        note(refusals, ACME, 1);

        assertThat(batch).hasSize(5);
        assertThat(refusals.next()).hasSize(1);
        assertThat(refusals.untoldCounts()).extracting(UnlistedRefusals::calls).containsExactly(3L);
    }

    @Test
    void onlyTheMetricsKnowWhatIsBeyondEveryBound() {
        Refusals refusals = refusals(0, 0, 1);

        note(refusals, ACME, 2);
        note(refusals, GLOBEX, 3);

        assertThat(refusals.next()).isEmpty();
        assertThat(refusals.untoldCounts()).extracting(UnlistedRefusals::calls).containsExactly(2L);
        assertThat(kept("dropped")).isEqualTo(3);
    }

    @Test
    void tellsSumsSoFarAndForgetsMinutesThatAreOver() {
        Refusals refusals = refusals(0, 0, 2);
        note(refusals, ACME, 2);
        List<UnlistedRefusals> first = refusals.untoldCounts();
        note(refusals, ACME, 1);
        refusals.told(List.of(), first);

        List<UnlistedRefusals> second = refusals.untoldCounts();
        refusals.told(List.of(), second);

        assertThat(second).extracting(UnlistedRefusals::calls).containsExactly(3L);
        assertThat(refusals.untoldCounts()).isEmpty();
        clock.advance(Duration.ofMinutes(4));
        refusals.told(List.of(), List.of());
        note(refusals, ACME, 1);
        note(refusals, GLOBEX, 1);
        assertThat(refusals.untoldCounts()).hasSize(2);
        assertThat(kept("dropped")).isZero();
    }

    @Test
    void countsWhatTheRegistryDoesNotTakeAsDropped() {
        Refusals refusals = refusals(2, 10, 10);
        note(refusals, ACME, 6);

        refusals.lost(refusals.next(), refusals.untoldCounts());

        assertThat(kept("dropped")).isEqualTo(6);
        assertThat(refusals.untoldCounts()).isEmpty();
        assertThat(refusals.waiting()).isZero();
    }

    @Test
    void losesNoneThatManyThreadsRefuseAtOnce() throws Exception {
        Refusals refusals = refusals(50, 40, 10);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> {
                    go.await();
                    note(refusals, ACME, 5_000);
                    return null;
                });
            }
            go.countDown();
        }

        assertThat(refusals.next()).hasSize(40);
        assertThat(refusals.untoldCounts())
                .extracting(UnlistedRefusals::calls)
                .containsExactly(20_000L - 40);
    }

    private Refusals refusals(int perSecond, int waiting, int counts) {
        return new Refusals(
                new RefusalProperties(perSecond, waiting, counts, Duration.ofSeconds(1)),
                clock,
                meters);
    }

    private void note(Refusals refusals, TenantId tenant, int times) {
        for (int i = 0; i < times; i++) {
            refusals.note(tenant, "model_not_found", () -> call(tenant));
        }
    }

    private RefusedCall call(TenantId tenant) {
        made.incrementAndGet();
        return new RefusedCall(
                UUID.randomUUID(),
                tenant,
                new ProjectId(UUID.randomUUID()),
                PrincipalKind.API_KEY,
                "abcdefghijkmnpqr",
                Operation.CHAT,
                "acme/none",
                null,
                404,
                "model_not_found",
                "model",
                null,
                clock.instant(),
                null);
    }

    private double kept(String as) {
        return meters.get("atrium.gateway.refusals").tag("kept", as).counter().count();
    }
}
