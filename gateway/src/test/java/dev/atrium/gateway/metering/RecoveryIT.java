package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class RecoveryIT {
    @TempDir Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final FakeInferenceNode node = new FakeInferenceNode(registry);
    private final Platform platform = new Platform(registry);
    private Platform.KeyFixture key;

    @BeforeEach
    void deploy() {
        Platform.TenantFixture acme = platform.tenant("acme");
        key = platform.labelledKey(acme, "night-run");
        Platform.ModelFixture words = platform.model(acme, "words", Task.TEXT_EMBEDDING);
        platform.replica(words.version(1), node);
    }

    @AfterEach
    void close() {
        node.close();
        registry.close();
    }

    /**
     * A killed gateway leaves its folder as it was at that moment. A second life starts on such a
     * copy, taken while calls were in flight and while nothing could be shipped.
     */
    @Test
    void losesNoCallWhenTheGatewayIsKilled() throws Exception {
        Path crashed = folder.resolve("crashed");
        Set<UUID> answered = new HashSet<>();
        registry.usageStatus(503);
        try (RunningGateway gateway = RunningGateway.start(registry, folder.resolve("first"))) {
            for (int i = 0; i < 20; i++) {
                answered.add(id(embed(gateway)));
            }
            node.script(Script.answer().after(Duration.ofSeconds(2)));
            List<CompletableFuture<HttpResponse<String>>> inFlight = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                inFlight.add(
                        gateway.sendAsync(
                                gateway.postRequest("/v1/embeddings", key.text(), body())));
            }
            await().until(() -> node.running() == 10);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 10);
            await().until(() -> settledIn(gateway) == 20);
            FileSystemUtils.copyRecursively(folder.resolve("first"), crashed);
            inFlight.forEach(call -> call.cancel(true));
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
        }
        assertThat(registry.ledger()).isEmpty();
        registry.usageStatus(200);

        try (RunningGateway reborn = RunningGateway.start(registry, crashed)) {
            await().until(() -> registry.ledger().size() == 20 && registry.orphans().size() == 10);
            node.script(Script.answer());
            UUID next = id(embed(reborn));
            await().until(() -> registry.ledger().containsKey(next));
        }

        Set<UUID> executed = new HashSet<>(node.executions().keySet());
        Set<UUID> accounted = new HashSet<>(registry.ledger().keySet());
        accounted.addAll(registry.orphans().keySet());
        assertThat(registry.ledger().keySet()).containsAll(answered);
        assertThat(accounted).isEqualTo(executed).hasSize(31);
        assertThat(registry.orphans().values())
                .extracting(OpenCall::label)
                .containsOnly("night-run");
        assertThat(registry.joins()).isEqualTo(1);
        assertThat(journalFiles(crashed)).isEmpty();
    }

    @Test
    void shipsEverythingOnceTheRegistryIsBack() {
        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            registry.usageStatus(503);
            Set<UUID> calls = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                calls.add(id(embed(gateway)));
            }
            await().until(() -> registry.lastHeartbeat().orElseThrow().unshippedRecords() == 30);

            registry.usageStatus(200);

            await().until(() -> registry.ledger().keySet().equals(calls));
            await().until(() -> registry.lastHeartbeat().orElseThrow().unshippedRecords() == 0);
            assertThat(registry.duplicates()).isZero();
        }
        assertThat(journalFiles(folder)).isEmpty();
    }

    @Test
    void keepsARecordThatTheRegistryRefusesAndShipsTheOthers() throws IOException {
        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            registry.usageStatus(422);
            UUID refused = id(embed(gateway));
            Path kept = folder.resolve("journal/quarantine/refused.jsonl");
            await().until(() -> Files.exists(kept));

            registry.usageStatus(200);
            UUID next = id(embed(gateway));

            await().until(() -> registry.ledger().containsKey(next));
            assertThat(Files.readString(kept)).contains(refused.toString());
            assertThat(registry.ledger()).doesNotContainKey(refused);
        }
    }

    @Test
    void refusesCallsWhileTheJournalIsFullAndServesAgainAfterwards() {
        try (RunningGateway gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.metering.segment-size=4KB",
                        "atrium.gateway.metering.max-size=16KB")) {
            registry.usageStatus(503);
            List<HttpResponse<String>> answers = new ArrayList<>();
            await().until(() -> {
                answers.add(embed(gateway));
                return answers.getLast().statusCode() == 503;
            });
            HttpResponse<String> full = answers.getLast();
            assertThat(full.body()).contains("\"code\":\"gateway_unavailable\"");
            assertThat(full.headers().firstValue("retry-after")).contains("1");

            registry.usageStatus(200);

            await().until(() -> embed(gateway).statusCode() == 200);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            await().until(() -> registry.ledger().size() == node.executions().size());
            assertThat(registry.ledger().values()).allMatch(usage -> usage.outcome() == Outcome.OK);
        }
    }

    @Test
    void drainsCallsInFlightWhenItIsToldToStop() {
        RunningGateway gateway = RunningGateway.start(registry, folder);
        node.script(Script.answer().after(Duration.ofSeconds(1)));
        CompletableFuture<HttpResponse<String>> call =
                gateway.sendAsync(gateway.postRequest("/v1/embeddings", key.text(), body()));
        await().until(() -> node.running() == 1);

        gateway.close();

        assertThat(call.join().statusCode()).isEqualTo(200);
        UsageRecord usage = registry.ledger().get(id(call.join()));
        assertThat(usage.outcome()).isEqualTo(Outcome.OK);
        assertThat(journalFiles(folder)).isEmpty();
    }

    @Test
    void booksCallsThatTheStopCutsOffForWhatTheNodeComputed() {
        RunningGateway gateway =
                RunningGateway.start(
                        registry, folder, "spring.lifecycle.timeout-per-shutdown-phase=500ms");
        node.script(
                Script.answer().after(Duration.ofSeconds(20)).using(new NodeUsage(4, 0, 567_000)));
        gateway.sendAsync(gateway.postRequest("/v1/embeddings", key.text(), body()));
        await().until(() -> node.running() == 1);

        gateway.close();

        assertThat(registry.ledger()).hasSize(1);
        UsageRecord usage = registry.ledger().values().iterator().next();
        assertThat(usage.outcome()).isEqualTo(Outcome.GATEWAY_LOST);
        assertThat(usage.inputTokens()).isEqualTo(4);
        assertThat(usage.computeMicros()).isEqualTo(567_000);
        await().until(() -> node.running() == 0);
    }

    @Test
    void keepsItsCredentialForItselfAndOverRestarts() throws IOException {
        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            Path file = folder.resolve("gateway.credential");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            registry.rotateCredentialTo("atm_rotated");
            await().until(() -> Files.readString(file).equals("atm_rotated"));
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
        }
        try (RunningGateway reborn =
                RunningGateway.start(
                        registry, folder, "atrium.gateway.registry.join-token=used-up")) {
            assertThat(embed(reborn).statusCode()).isEqualTo(200);
            assertThat(registry.joins()).isEqualTo(1);
        }
    }

    private HttpResponse<String> embed(RunningGateway gateway) {
        return gateway.post("/v1/embeddings", key.text(), body());
    }

    private static String body() {
        return "{\"model\":\"words\",\"input\":\"a\"}";
    }

    private static long settledIn(RunningGateway gateway) {
        return gateway.bean(Journal.class).writer().ledger().settled();
    }

    private static UUID id(HttpResponse<String> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }

    private static List<Path> journalFiles(Path data) {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
