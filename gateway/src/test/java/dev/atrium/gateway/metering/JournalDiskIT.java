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
import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose disk is really full, or really cannot be written. */
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
            CompletableFuture<HttpResponse<String>> stream =
                    gateway.sendAsync(gateway.chat(key, ",\"stream\":true"));
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

    private HttpResponse<String> embed(RunningGateway gateway) {
        return gateway.send(gateway.embedding(key));
    }
}
