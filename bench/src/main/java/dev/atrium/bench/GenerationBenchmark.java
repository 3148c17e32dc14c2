package dev.atrium.bench;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Tokens a second of a node beside llama.cpp called directly, in turns in one run. */
final class GenerationBenchmark {
    private static final int ROUNDS = 3;
    private static final List<Integer> STREAMS = List.of(1, 4);
    private static final int SLOTS = 4;

    /** More are not always faster: the best that the engine does by itself is the limit. */
    private static final List<Integer> THREADS =
            IntStream.rangeClosed(1, Math.min(4, Runtime.getRuntime().availableProcessors()))
                    .boxed()
                    .toList();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATA = "data: ";
    private static final String NODE = "node";

    /** Generations in so many streams. */
    private interface Measure {
        ChatFigures of(int streams, Duration time) throws Exception;
    }

    private final NodeWorld world;
    private final PlacementOrder model;

    private GenerationBenchmark(NodeWorld world, PlacementOrder model) {
        this.world = world;
        this.model = model;
    }

    /** Arguments: the node's jar, seconds of warm-up and of a round. */
    public static void main(String[] arguments) throws Exception {
        Duration warmUp = Duration.ofSeconds(Long.parseLong(arguments[1]));
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Map<String, String> slots = Map.of("ATRIUM_NODE_WORKER_SLOTS", Integer.toString(SLOTS));
        try (NodeWorld world = new NodeWorld(Path.of(arguments[0]), slots)) {
            byte[] file = ChatModel.bytes();
            PlacementOrder model =
                    world.deploy(
                            Framework.GGUF,
                            Task.TEXT_GENERATION,
                            false,
                            Map.of("model.gguf", file));
            GenerationBenchmark benchmark = new GenerationBenchmark(world, model);
            Map<String, Measure> all = new LinkedHashMap<>();
            for (int threads : THREADS) {
                all.put("engine alone, threads: " + threads, alone(world, file, threads));
            }
            Measure node = (streams, span) -> ChatFigures.of(benchmark::generate, streams, span);
            all.put(NODE, node);
            System.out.printf(
                    Locale.ROOT,
                    "%n### Generation, %d tokens an answer, model of %d MB%n| streams | who | tokens/s | of the engine alone at its best | first text p50 ms | p99 ms | answers | not whole |%n|---|---|---|---|---|---|---|---|%n",
                    ChatModel.TOKENS,
                    file.length / 1_000_000);
            for (int streams : STREAMS) {
                compare(streams, all, warmUp, time);
            }
        }
    }

    private static void compare(
            int streams, Map<String, Measure> all, Duration warmUp, Duration time)
            throws Exception {
        for (Measure measure : all.values()) {
            measure.of(streams, warmUp);
        }
        Map<String, List<ChatFigures>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Measure> each : all.entrySet()) {
                rounds.computeIfAbsent(each.getKey(), it -> new ArrayList<>())
                        .add(each.getValue().of(streams, time));
            }
        }
        Map<String, ChatFigures> medians = new LinkedHashMap<>();
        rounds.forEach((who, figures) -> medians.put(who, ChatFigures.median(figures)));
        double best =
                medians.entrySet().stream()
                        .filter(each -> !each.getKey().equals(NODE))
                        .mapToDouble(each -> each.getValue().perSecond())
                        .max()
                        .orElseThrow();
        medians.forEach((who, figures) -> print(streams, who, figures, best));
    }

    private static void print(int streams, String who, ChatFigures figures, double best) {
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %.1f | %.3f | %.1f | %.1f | %d | %d |%n",
                streams,
                who,
                figures.perSecond(),
                figures.perSecond() / best,
                figures.p50Micros() / 1e3,
                figures.p99Micros() / 1e3,
                figures.answers(),
                figures.broken());
    }

    private static Measure alone(NodeWorld world, byte[] model, int threads) throws IOException {
        Path file = Files.write(world.processes().folder().resolve("alone.gguf"), model);
        Process process =
                world.processes()
                        .startTalking(
                                List.of(
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        BareChat.class.getName(),
                                        file.toString(),
                                        Integer.toString(threads),
                                        Integer.toString(SLOTS)));
        PrintWriter orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        BufferedReader answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return (streams, time) -> {
            orders.println(streams + " " + time.toMillis());
            String line = NodeBenchmark.line(answers, BareChat.ANSWER + ".*");
            return ChatFigures.read(line.substring(BareChat.ANSWER.length()));
        };
    }

    private int generate(Runnable firstPiece) throws IOException, InterruptedException {
        String grant = world.registry().sign(world.registry().grant(model, Operation.CHAT));
        String path = NodeProtocol.path(NodeProtocol.CHAT, model.versionId().value());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + world.node().port() + path))
                        .header("Content-Type", "application/json")
                        .header(NodeProtocol.GRANT_HEADER, grant)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JSON.writeValueAsString(ChatModel.REQUEST)))
                        .build();
        AtomicReference<String> last = new AtomicReference<>();
        HttpResponse<Stream<String>> answer =
                HTTP.send(request, HttpResponse.BodyHandlers.ofLines());
        answer.body()
                .filter(line -> line.startsWith(DATA))
                .forEach(line -> {
                    if (last.getAndSet(line) == null) {
                        firstPiece.run();
                    }
                });
        if (answer.statusCode() != 200 || last.get() == null) {
            return 0;
        }
        ChatDelta end = JSON.readValue(last.get().substring(DATA.length()), ChatDelta.class);
        return "length".equals(end.finishReason()) ? (int) (long) end.usage().outputTokens() : 0;
    }
}
