package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.client.ReactorResourceFactory;

class LoadSheddingIT {
    private static final Duration BLOCKED = Duration.ofMillis(1_500);

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
    void shedsWhatWaitedForABlockedEventLoopAndGoesOnWithWhatRuns() {
        try (RunningGateway gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.admission.shed-loop-delay=500ms",
                        "atrium.gateway.admission.resume-loop-delay=100ms")) {
            awaitServed(gateway);
            awaitEveryLoopServed(gateway);
            node.script(Script.answer().tokens(150, Duration.ofMillis(20)));
            CompletableFuture<HttpResponse<String>> stream =
                    gateway.sendAsync(gateway.chat(key, ",\"stream\":true"));
            await().until(() -> node.running() == 1);

            AtomicBoolean arrived = blockEventLoops(gateway);
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(embedAsync(gateway));
            }
            // Whoever sends needs a core, too, of which the loops have taken all.
            await().pollDelay(BLOCKED).until(() -> true);
            arrived.set(true);

            List<HttpResponse<String>> shed =
                    calls.stream()
                            .map(CompletableFuture::join)
                            .filter(answer -> answer.statusCode() == 503)
                            .toList();
            assertThat(shed).isNotEmpty().allSatisfy(LoadSheddingIT::assertOverloaded);
            awaitServed(gateway);
            assertThat(stream.join().body()).contains("t150 ").contains("[DONE]");
            assertThat(prometheus(gateway))
                    .contains("atrium_gateway_shed_total{reason=\"event_loop\"");
            await().until(() -> gateway.bean(Journal.class).openCalls() == 0);
            assertThat(registry.duplicates()).isZero();
        }
    }

    @Test
    void answersWhatCostsLittleWhileItIsShortOfMemory() {
        try (RunningGateway gateway =
                RunningGateway.start(
                        registry,
                        folder,
                        "atrium.gateway.admission.shed-heap-percent=1",
                        "atrium.gateway.admission.resume-heap-percent=0")) {
            await().until(() -> gateway.get("/v1/models/chat", key.text()).statusCode() == 200);
            byte[] ballast =
                    new byte[(int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 20)];
            await().until(() -> {
                System.gc();
                return embedAsync(gateway).join().statusCode() == 503;
            });
            assertThat(ballast).isNotEmpty();

            long begun = System.nanoTime();
            HttpResponse<String> openAi = embedAsync(gateway).join();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            HttpResponse<String> oip =
                    gateway.post("/v2/models/words/infer", key.text(), "{\"inputs\":[]}");
            HttpResponse<String> unread =
                    gateway.post("/v1/embeddings", "atr_nobody", "x".repeat(3_000_000));

            assertOverloaded(openAi);
            assertThat(millis).as("a busy machine adds to what takes a few").isLessThan(2_000);
            assertThat(oip.statusCode()).isEqualTo(503);
            assertThat(oip.body()).startsWith("{\"error\":\"the gateway is short of memory");
            assertThat(unread.statusCode()).isEqualTo(503);
            assertThat(gateway.get("/v1/limits", key.text()).statusCode()).isEqualTo(200);
            assertThat(gateway.get("/v1/models", key.text()).statusCode()).isEqualTo(200);
            assertThat(gateway.get("/v2/health/live", null).statusCode()).isEqualTo(200);
            assertThat(gateway.get("/v2/health/ready", null).statusCode()).isEqualTo(200);
            assertThat(gateway.isReady()).isTrue();
            assertThat(prometheus(gateway)).contains("atrium_gateway_shed_total{reason=\"heap\"");
            assertThat(node.executions().values().stream().mapToInt(List::size).sum())
                    .isLessThan(9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseSerialGC"})
    void aFullHeapShedsAndAnEmptyOneServes(String collector) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                collector,
                                "-cp",
                                System.getProperty("java.class.path"),
                                FullHeap.class.getName())
                        .redirectErrorStream(true)
                        .start();

        List<String> said = lines(process);

        assertThat(said.stream().filter(line -> line.matches("shed.*|served.*")))
                .as(said.toString())
                .containsExactly("served", "shed", "served");
    }

    private static List<String> lines(Process process) throws IOException {
        try (var output = process.inputReader()) {
            return output.lines().toList();
        }
    }

    private static void assertOverloaded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"overloaded\"");
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
        assertThat(answer.headers().firstValue("x-should-retry")).contains("true");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    /** Busy, not waiting: a loop that waits would be told on by BlockHound. */
    /**
     * Once it returns, no loop does anything.
     *
     * @return to be told when they may go on
     */
    private static AtomicBoolean blockEventLoops(RunningGateway gateway) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger idle = new AtomicInteger();
        for (EventExecutor loop :
                gateway.bean(ReactorResourceFactory.class).getLoopResources().onServer(true)) {
            idle.incrementAndGet();
            loop.execute(() -> {
                idle.decrementAndGet();
                long sum = 0;
                while (!over.get()) {
                    sum++;
                }
                assertThat(sum).isNotNegative();
            });
        }
        await().until(() -> idle.get() == 0);
        return over;
    }

    private void awaitServed(RunningGateway gateway) {
        await().until(() -> embedAsync(gateway).join().statusCode() == 200);
    }

    /** A loop is watched from its first call on; connections go round. */
    private void awaitEveryLoopServed(RunningGateway gateway) {
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(embedAsync(gateway));
            }
            calls.forEach(CompletableFuture::join);
        }
    }

    private CompletableFuture<HttpResponse<String>> embedAsync(RunningGateway gateway) {
        return gateway.sendAsync(gateway.embedding(key));
    }

    private static String prometheus(RunningGateway gateway) {
        return gateway.get(gateway.managementUrl().resolve("/actuator/prometheus"), null).body();
    }
}
