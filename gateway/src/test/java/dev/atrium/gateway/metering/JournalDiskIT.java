package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.testing.FailingDisk;
import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/** A journal whose disk is really full, or really cannot be written. */
@ExtendWith(OutputCaptureExtension.class)
class JournalDiskIT {
    private static final long DISK = 512 * 1024;
    private static final String MIN_FREE = "atrium.gateway.metering.min-free=256KB";
    private static final int AT_ONCE = 16;

    @TempDir private Path folder;
    private FakeRegistry registry;
    private FakeInferenceNode node;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        registry = new FakeRegistry();
        node = new FakeInferenceNode(registry);
        Platform platform = new Platform(registry);
        key = platform.key(platform.customer(node));
    }

    @AfterEach
    void stop() {
        node.close();
        registry.close();
    }

    @Test
    void refusesCallsOnAFullDiskAndSettlesThoseThatRunWhenThereIsRoom() throws IOException {
        try (SmallDisk disk = SmallDisk.over(folder.resolve("journal"), DISK);
                RunningGateway gateway = RunningGateway.start(registry, folder, MIN_FREE)) {
            await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
            registry.usageStatus(503);
            node.script(Script.answer().tokens(3_000, Duration.ofMillis(4)));
            CompletableFuture<HttpResponse<String>> stream = stream(gateway);
            await().until(() -> node.running() == 1);

            HttpResponse<String> refused = callUntilRefused(gateway);

            assertThat(refused.body()).contains("\"code\":\"gateway_unavailable\"");
            assertThat(refused.body()).contains("cannot account for calls");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(refused.headers().firstValue("x-should-retry")).contains("true");
            assertThat(stream.join().body()).as("what runs goes on").contains("[DONE]");

            disk.grow();

            await().until(gateway::isReady);
            registry.usageStatus(200);
            await().until(() -> embed(gateway).statusCode() == 200);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            await().untilAsserted(() ->
                    assertThat(registry.ledger().keySet()).isEqualTo(node.executions().keySet()));
            assertThat(registry.ledger().values())
                    .allMatch(usage -> usage.outcome() == Outcome.OK)
                    .anyMatch(usage -> usage.outputTokens() == 3_000);
            assertThat(registry.duplicates()).isZero();
            assertThat(RunningGateway.blockingCalls()).isEmpty();
        }
    }

    @Test
    void getsWellByItselfOnceTheRegistryHasWhatFilledTheDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.over(folder.resolve("journal"), DISK);
                RunningGateway gateway = RunningGateway.start(registry, folder, MIN_FREE)) {
            await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
            registry.usageStatus(503);
            callUntilRefused(gateway);

            registry.usageStatus(200);

            // Nobody calls a gateway that is not ready.
            await().until(gateway::isReady);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            await().untilAsserted(() ->
                    assertThat(registry.ledger().keySet()).isEqualTo(node.executions().keySet()));
            assertThat(disk.files()).hasSizeLessThan(10);
        }
    }

    @Test
    void keepsTheEndsOfCallsWhileItsFolderIsReadOnlyAndGoesOnWhenItIsRepaired(CapturedOutput log)
            throws IOException {
        try (FailingDisk disk = FailingDisk.over(folder.resolve("journal"));
                RunningGateway gateway =
                        RunningGateway.start(
                                registry, folder, "atrium.gateway.metering.segment-size=4KB")) {
            await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
            registry.usageStatus(503);
            for (int i = 0; i < 20; i++) {
                assertThat(embed(gateway).statusCode()).isEqualTo(200);
            }
            int files = disk.files().size();
            node.script(Script.answer().tokens(1_000, Duration.ofMillis(3)));
            CompletableFuture<HttpResponse<String>> stream = stream(gateway);
            await().until(() -> node.running() == 1);

            disk.fail();

            HttpResponse<String> refused = callUntilRefused(gateway);
            assertThat(refused.body()).contains("\"code\":\"gateway_unavailable\"");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(gateway.isReady()).isFalse();
            assertThat(stream.join().body()).as("what runs goes on").contains("[DONE]");
            await().until(() -> gateway.bean(Journal.class).waitingEnds() > 0);
            assertThat(embed(gateway).statusCode()).isEqualTo(503);
            assertThat(metrics(gateway))
                    .contains("atrium_gateway_journal_writable 0.0")
                    .doesNotContain("atrium_gateway_journal_waiting 0.0");
            registry.usageStatus(200);
            await().until(() -> registry.ledger().size() >= 20);

            disk.unmount();
            await().during(Duration.ofSeconds(1)).until(() -> !gateway.isReady());
            disk.repair();

            await().until(gateway::isReady);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            await().untilAsserted(() ->
                    assertThat(registry.ledger().keySet()).isEqualTo(node.executions().keySet()));
            assertThat(registry.ledger().values())
                    .allMatch(usage -> usage.outcome() == Outcome.OK)
                    .anyMatch(usage -> usage.outputTokens() == 1_000);
            assertThat(registry.duplicates()).isZero();
            assertThat(gateway.bean(Journal.class).waitingEnds()).isZero();
            assertThat(metrics(gateway)).contains("atrium_gateway_journal_writable 1.0");
            await().untilAsserted(() -> assertThat(disk.files()).hasSizeLessThan(files));
            assertThat(log.getAll()).containsOnlyOnce("new calls are refused, for the journal");
            assertThat(RunningGateway.blockingCalls()).isEmpty();
        }
    }

    @Test
    void forgetsNothingWhenItsFolderIsRemovedAndPutBack(CapturedOutput log) throws IOException {
        Path journal = folder.resolve("journal");
        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
            registry.usageStatus(503);
            for (int i = 0; i < 10; i++) {
                assertThat(embed(gateway).statusCode()).isEqualTo(200);
            }
            node.script(Script.answer().tokens(500, Duration.ofMillis(3)));
            CompletableFuture<HttpResponse<String>> stream = stream(gateway);
            await().until(() -> node.running() == 1);

            FileSystemUtils.deleteRecursively(journal);

            await().until(() -> !gateway.isReady());
            assertThat(callUntilRefused(gateway).body()).contains("gateway_unavailable");
            assertThat(stream.join().body()).as("what runs goes on").contains("[DONE]");
            Files.createDirectory(journal);
            await().until(gateway::isReady);
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
        }
        assertThat(registry.ledger()).as("all of it is in the folder").isEmpty();
        registry.usageStatus(200);

        try (RunningGateway next = RunningGateway.start(registry, folder)) {
            await().untilAsserted(() ->
                    assertThat(registry.ledger().keySet()).isEqualTo(node.executions().keySet()));
            assertThat(registry.ledger().values())
                    .allMatch(usage -> usage.outcome() == Outcome.OK)
                    .anyMatch(usage -> usage.outputTokens() == 500);
            assertThat(registry.duplicates()).isZero();
            assertThat(next.bean(Journal.class).damagedFiles()).isZero();
        }
        assertThat(log.getAll()).contains("it is written anew");
    }

    @Test
    void isNotReadyOnAFolderThatTurnsReadOnlyThoughNobodyCalls() throws IOException {
        try (FailingDisk disk = FailingDisk.over(folder.resolve("journal"));
                RunningGateway gateway = RunningGateway.start(registry, folder)) {
            disk.fail();

            await().until(() -> !gateway.isReady());
            disk.unmount();
            disk.repair();

            await().until(gateway::isReady);
        }
    }

    @Test
    void doesNotStartOnAJournalThatCannotBeWritten() throws IOException {
        try (SmallDisk disk = SmallDisk.readOnly(folder.resolve("journal"))) {
            assertThat(disk.files()).isEmpty();
            assertThatThrownBy(() -> RunningGateway.startUnready(registry, folder))
                    .hasRootCauseInstanceOf(IOException.class);
        }

        try (RunningGateway gateway = RunningGateway.start(registry, folder)) {
            await().until(() -> embed(gateway).statusCode() == 200);
        }
    }

    private HttpResponse<String> callUntilRefused(RunningGateway gateway) {
        while (true) {
            List<CompletableFuture<HttpResponse<String>>> calls =
                    IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> gateway.sendAsync(gateway.embedding(key)))
                            .toList();
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                if (call.join().statusCode() == 503) {
                    return call.join();
                }
            }
        }
    }

    private CompletableFuture<HttpResponse<String>> stream(RunningGateway gateway) {
        return gateway.sendAsync(gateway.chat(key, ",\"stream\":true"));
    }

    private static String metrics(RunningGateway gateway) {
        return gateway.get(gateway.managementUrl().resolve("/actuator/prometheus"), null).body();
    }

    private HttpResponse<String> embed(RunningGateway gateway) {
        return gateway.send(gateway.embedding(key));
    }
}
