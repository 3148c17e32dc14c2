package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.registry.JoinedGateway;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.registry.api.usage.OpenCall;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How ended calls come from the journal into the ledger. */
class ShipperIT {
    @TempDir Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final List<ShippedJournal> lives = new ArrayList<>();
    private JoinedGateway gateway;

    @BeforeEach
    void join() {
        gateway = JoinedGateway.of(registry, folder.resolve("data"));
    }

    @AfterEach
    void close() {
        lives.stream().filter(life -> life.shipper().isRunning()).forEach(ShippedJournal::close);
        gateway.close();
        registry.close();
    }

    @Test
    void shipsEveryCallThatHasEnded() {
        ShippedJournal life = begin(100);

        List<OpenCall> calls = settle(life, 20);

        await().until(() -> life.shipper().unshipped() == 0);
        assertThat(registry.ledger()).hasSize(20);
        assertThat(registry.ledger().keySet())
                .containsExactlyInAnyOrderElementsOf(calls.stream().map(OpenCall::callId).toList());
        assertThat(registry.duplicates()).isZero();
        assertThat(life.shipper().isRunning()).isTrue();
    }

    @Test
    void shipsAgainWhatTheRegistryDidNotTake() {
        registry.usageStatus(503);
        ShippedJournal life = begin(100);
        settle(life, 3);
        await().until(() -> registry.usageBatches() > 1);
        long waiting = life.shipper().unshipped();

        registry.usageStatus(200);

        await().until(() -> registry.ledger().size() == 3);
        assertThat(waiting).isEqualTo(3);
        await().until(() -> life.shipper().unshipped() == 0);
    }

    /** Without growing pauses it would be a try every 10 ms. */
    @Test
    void triesLessAndLessOftenWhatTheRegistryDoesNotTake() {
        registry.usageStatus(503);
        ShippedJournal life = begin(100);
        settle(life, 3);
        await().until(() -> registry.usageBatches() > 0);

        int soon = triesWithin(Duration.ofMillis(1_500));
        int later = triesWithin(Duration.ofMillis(1_500));
        registry.usageStatus(200);

        // At the earliest after 0.1, 0.3, 0.7, 1.5 and 3.1 s.
        assertThat(soon).isBetween(2, 4);
        assertThat(later).isLessThan(soon);
        await().until(() -> registry.ledger().size() == 3);
    }

    private int triesWithin(Duration time) {
        int before = registry.usageBatches();
        await().pollDelay(time).until(() -> true);
        return registry.usageBatches() - before;
    }

    @Test
    void keepsARecordApartThatTheRegistryRefusesForItself() throws Exception {
        registry.usageStatus(422);
        ShippedJournal life = begin(2);
        List<OpenCall> calls = settle(life, 3);
        await().until(() -> life.shipper().unshipped() == 0);
        registry.usageStatus(200);

        settle(life, 1);

        await().until(() -> registry.ledger().size() == 1);
        assertThat(Files.readAllLines(life.journal().segments().refused()))
                .hasSize(3)
                .allSatisfy(line ->
                        assertThat(calls)
                                .anyMatch(call -> line.contains(call.callId().toString())));
    }

    @Test
    void reportsWhatItHasNotShipped() {
        registry.usageStatus(503);
        ShippedJournal life = begin(100);
        settle(life, 2);
        open(life);

        await().until(() -> registry.lastHeartbeat().orElseThrow().unshippedRecords() == 2);
        assertThat(registry.lastHeartbeat().orElseThrow().openCalls()).isEqualTo(1);
    }

    @Test
    void shipsTheLastCallsWhenItStops() {
        ShippedJournal life = begin(100);
        await().until(life.journal()::areFormerLivesShipped);
        settle(life, 30);

        life.close();

        assertThat(registry.ledger()).hasSize(30);
        assertThat(life.shipper().isRunning()).isFalse();
        assertThat(life.shipper().unshipped()).isZero();
    }

    @Test
    void leavesWhatItCannotShipToTheNextLife() {
        registry.usageStatus(503);
        ShippedJournal life = begin(100);
        List<OpenCall> ended = settle(life, 2);
        OpenCall cut = open(life);
        life.close();
        registry.usageStatus(200);

        ShippedJournal next = begin(100);

        await().until(next.journal()::areFormerLivesShipped);
        assertThat(registry.ledger().keySet())
                .containsExactlyInAnyOrderElementsOf(ended.stream().map(OpenCall::callId).toList());
        assertThat(registry.orphans()).containsOnlyKeys(cut.callId());
    }

    private ShippedJournal begin(int batch) {
        ShippedJournal life = new ShippedJournal(gateway, folder.resolve("journal"), batch);
        lives.add(life);
        return life;
    }

    private static List<OpenCall> settle(ShippedJournal life, int count) {
        List<OpenCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OpenCall call = open(life);
            life.journal().settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE);
            calls.add(call);
        }
        return calls;
    }

    private static OpenCall open(ShippedJournal life) {
        OpenCall call = Calls.open(UUID.randomUUID());
        life.journal().open(call, ImmediateEventExecutor.INSTANCE).block(Duration.ofSeconds(10));
        return call;
    }
}
