package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.Bystander;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.HostileModels;
import dev.atrium.node.testing.NodeProcess;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All files that mean harm, one kind after the other, on a node that was told to load them, while
 * three tenants call models of theirs all the time: nobody's answers change or fail, nothing is
 * read or written outside, and the node goes on as it was.
 */
class HostileTenantsIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String SECRET = "what no model may see";
    private static final String SERIES =
            """
            {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[1,2]}]}
            """;
    private static final String X =
            """
            {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
            """;
    private static final String QUESTION =
            """
            {"messages":[{"role":"user","content":"What colour is a lemon?"}],
             "temperature":0,"seed":1,"stop":[]}
            """;
    private static final Pattern TEXT = Pattern.compile("\"text\":\"([^\"]*)\"");

    @TempDir private static Path data;
    @TempDir private static Path outside;
    private static Path secret;
    private static FakeRegistry registry;
    private static NodeProcess node;
    private static List<Bystander> bystanders = List.of();

    @BeforeAll
    static void start() throws IOException {
        secret = Files.writeString(outside.resolve("secret"), SECRET);
        registry = FakeRegistry.start();
        node =
                NodeProcess.start(
                        registry,
                        data,
                        Map.of(
                                "ATRIUM_NODE_WORKER_MEMORY", "1GB",
                                "ATRIUM_NODE_WORKER_LOADTIMEOUT", "10s",
                                "ATRIUM_NODE_WORKER_CANCELGRACE", "500ms",
                                "ATRIUM_NODE_MODEL_MAXDEATHS", "1"));
        PlacementOrder iris = place(Framework.ONNX, TestModels.demo("iris.onnx"));
        PlacementOrder embedding = placeEmbedding();
        PlacementOrder chat = place(Framework.GGUF, TestModels.demo("tiny-chat.gguf"));
        List.of(iris, embedding, chat)
                .forEach(each ->
                        assertThat(end("a bystander", each).state()).isEqualTo(ReplicaState.READY));
        String flower = Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
        String texts = "{\"inputs\":[\"the cat sleeps\",\"a dog runs on the road\"]}";
        bystanders =
                List.of(
                        bystander(iris, Operation.INFER, NodeProtocol.INFER, flower),
                        bystander(embedding, Operation.EMBEDDINGS, NodeProtocol.EMBED, texts),
                        bystander(chat, Operation.CHAT, NodeProtocol.CHAT, QUESTION));
        awaitCallsOfAll();
    }

    @AfterAll
    static void stop() {
        bystanders.forEach(Bystander::close);
        node.stop();
        registry.close();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("graphs", Framework.ONNX, HostileModels.graphs()),
                Arguments.of("archives", Framework.TORCHSCRIPT, HostileModels.archives()),
                Arguments.of("programs", Framework.TORCHSCRIPT, HostileModels.programs(secret)),
                Arguments.of("weights", Framework.GGUF, HostileModels.weights()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void harmNobodyButThemselves(String kind, Framework framework, Map<String, byte[]> files)
            throws IOException {
        ProcessHandle supervisor = ProcessHandle.of(node.pid()).orElseThrow();
        Map<String, PlacementOrder> placed = new LinkedHashMap<>();
        files.forEach((what, content) -> placed.put(what, place(framework, content)));

        placed.forEach(HostileTenantsIT::meet);

        placed.values().forEach(registry::remove);
        await("only the bystanders' workers are left")
                .atMost(LONGEST)
                .until(() -> node.workers().size() == bystanders.size());
        awaitCallsOfAll();
        assertThat(bystanders).allSatisfy(each -> assertThat(each.errors()).isEmpty());
        assertThat(secret).hasContent(SECRET);
        assertThat(Files.list(outside)).containsExactly(secret);
        assertThat(supervisor.isAlive()).isTrue();
        assertThat(node.isAlive()).isTrue();
        assertThat(registry.joins()).isEqualTo(1);
    }

    /** Whether it loads or not; what loads is called. */
    private static void meet(String what, PlacementOrder order) {
        ReplicaReport end = end(what, order);
        if (end.state() == ReplicaState.FAILED) {
            assertThat(end.reason()).as(what).isNotBlank().doesNotContain("/");
            return;
        }
        HttpResponse<String> answer =
                switch (order.framework()) {
                    case GGUF -> send(order, Operation.CHAT, NodeProtocol.CHAT, QUESTION);
                    case ONNX -> send(order, Operation.INFER, NodeProtocol.INFER, X);
                    case TORCHSCRIPT -> send(order, Operation.INFER, NodeProtocol.INFER, SERIES);
                };
        if (what.startsWith("reads")) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        }
    }

    private static HttpResponse<String> send(
            PlacementOrder order, Operation operation, String template, String body) {
        Grant grant = Grants.withDeadline(registry.grant(order, operation), 2_000);
        return node.send(registry, template, grant, body);
    }

    private static ReplicaReport end(String what, PlacementOrder order) {
        return await(what)
                .atMost(LONGEST)
                .until(
                        () -> registry.report(order).orElse(null),
                        report ->
                                report != null
                                        && (report.state() == ReplicaState.READY
                                                || report.state() == ReplicaState.FAILED));
    }

    private static void awaitCallsOfAll() {
        Map<Bystander, Integer> before =
                bystanders.stream().collect(Collectors.toMap(each -> each, Bystander::calls));
        await("the bystanders go on")
                .atMost(LONGEST)
                .until(() ->
                        bystanders.stream().allMatch(each -> each.calls() > before.get(each) + 2));
    }

    private static Bystander bystander(
            PlacementOrder model, Operation operation, String template, String body) {
        return new Bystander(
                () -> node.send(registry, template, registry.grant(model, operation), body),
                operation == Operation.CHAT ? HostileTenantsIT::text : HttpResponse::body);
    }

    /** Of a conversation, whose figures differ each time. */
    private static String text(HttpResponse<String> chat) {
        return TEXT.matcher(chat.body())
                .results()
                .map(piece -> piece.group(1))
                .collect(Collectors.joining())
                .concat(chat.body().contains("\"finishReason\":\"stop\"") ? "" : " (cut)");
    }

    private static PlacementOrder placeEmbedding() {
        List<ModelFile> files =
                Stream.of("model.onnx", "tokenizer.json", "config.json")
                        .map(name ->
                                registry.store(name, TestModels.read("tiny-embedding/" + name)))
                        .toList();
        return registry.place(Framework.ONNX, Task.TEXT_EMBEDDING, VersionSettings.DEFAULT, files);
    }

    private static PlacementOrder place(Framework framework, byte[] content) {
        String name =
                switch (framework) {
                    case ONNX -> "model.onnx";
                    case TORCHSCRIPT -> "model.pt";
                    case GGUF -> "model.gguf";
                };
        return registry.place(
                framework,
                framework == Framework.GGUF ? Task.TEXT_GENERATION : Task.TENSORS,
                VersionSettings.DEFAULT,
                List.of(registry.store(name, content)));
    }
}
