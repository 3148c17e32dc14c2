package dev.atrium.standalone.demo;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.Reconciliation;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Calls under load, the gateway killed with -9 in their midst, and then the ledger beside what the
 * callers saw and beside what the node says that it computed: every answered call once, nothing
 * twice, and besides only calls whose connection broke and which the node did compute.
 */
final class KilledGateway {
    private static final int CALLERS = 4;
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration AFTER = Duration.ofSeconds(2);

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** What was counted. */
    record Count(
            int answered, int broken, int refused, int ledger, int interrupted, long computed) {}

    Count play(Stage stage, ManagementApi acme, String keyId, GatewayCalls calls, String model) {
        Instant begin = Instant.now().minusSeconds(5);
        JsonNode inputs = Samples.inputs("iris.onnx");
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.submit(() -> callUntil(over, calls, model, inputs));
            }
            waitFor(BEFORE);
            long killed = stage.gatewayPid().get();
            ProcessHandle.of(killed).ifPresent(ProcessHandle::destroyForcibly);
            Narrator.await(
                    "a new gateway that is ready",
                    Duration.ofSeconds(60),
                    () -> stage.gatewayPid().get() != killed && stage.gatewayReady().get());
            waitFor(AFTER);
            over.set(true);
        }
        List<UsageRecord> rows = settledLedger(acme, keyId, begin);
        return compare(rows, reconciled(stage, rows.getFirst().versionId(), begin));
    }

    /**
     * The model is this story's own, so the version tells its calls, those before the kill too.
     *
     * @return calls that the node computed
     */
    private static long reconciled(Stage stage, ModelVersionId version, Instant begin) {
        ManagementApi operator = stage.managementOf(stage.operatorToken());
        String path = "/admin/usage/reconciliation?versionId=" + version + "&from=" + begin;
        Reconciliation[] last = new Reconciliation[1];
        Narrator.await(
                "the ledger equal to what the node computed",
                Duration.ofSeconds(60),
                () -> {
                    last[0] = operator.get(path, Reconciliation.class);
                    return last[0].differing() == 0 && last[0].openOrphans() == 0;
                });
        Narrator.expect(
                last[0].ledgerCalls() == last[0].nodeCalls(),
                "as many calls in the ledger as at the node",
                last[0]);
        return last[0].nodeCalls();
    }

    private void callUntil(AtomicBoolean over, GatewayCalls calls, String model, JsonNode inputs) {
        while (!over.get()) {
            try {
                GatewayCalls.Answer answer = calls.infer(model, inputs);
                if (answer.isOk()) {
                    answered.add(answer.callId());
                } else {
                    refused.incrementAndGet();
                }
            } catch (UncheckedIOException e) {
                broken.incrementAndGet();
                waitFor(Duration.ofMillis(20));
            }
        }
    }

    /** Waits until every answered call is posted and the ledger has stopped moving. */
    private List<UsageRecord> settledLedger(ManagementApi acme, String keyId, Instant begin) {
        Narrator.await(
                "every answered call in the ledger",
                Duration.ofSeconds(60),
                () -> callIds(rows(acme, keyId, begin)).containsAll(answered));
        int[] last = {-1};
        Narrator.await(
                "a ledger that stands still",
                Duration.ofSeconds(90),
                () -> {
                    int before = last[0];
                    waitFor(Duration.ofSeconds(3));
                    last[0] = rows(acme, keyId, begin).size();
                    return before == last[0];
                });
        return rows(acme, keyId, begin);
    }

    private Count compare(List<UsageRecord> rows, long computed) {
        Set<String> ids = callIds(rows);
        Narrator.expect(
                ids.size() == rows.size(),
                "each call id once",
                rows.size() + " rows of " + ids.size());
        int extra = rows.size() - answered.size();
        Narrator.expect(
                extra <= broken.get() + refused.get(),
                "at most " + (broken.get() + refused.get()) + " rows of calls that were cut off",
                extra);
        long answeredButNotOk =
                rows.stream()
                        .filter(row -> answered.contains(row.callId().toString()))
                        .filter(row ->
                                row.outcome() != Outcome.OK
                                        && row.outcome() != Outcome.GATEWAY_LOST)
                        .count();
        Narrator.expect(answeredButNotOk == 0, "answered calls settled as such", answeredButNotOk);
        return new Count(
                answered.size(), broken.get(), refused.get(), rows.size(), extra, computed);
    }

    private static List<UsageRecord> rows(ManagementApi acme, String keyId, Instant begin) {
        return acme.all("/usage/records?from=" + begin, UsageRecord.class).stream()
                .filter(row -> row.principalId().equals(keyId))
                .toList();
    }

    private static Set<String> callIds(List<UsageRecord> rows) {
        Set<String> ids = new HashSet<>();
        rows.forEach(row -> ids.add(row.callId().toString()));
        return ids;
    }

    private static void waitFor(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
