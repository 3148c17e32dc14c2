package dev.atrium.bench;

import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a call costs in a node beside the engine alone: the same model, the same inputs, in turns in
 * one run, so that ratios hold where seconds do not.
 */
final class NodeBenchmark {
    private static final int ROUNDS = 3;
    private static final List<Integer> CONNECTIONS = List.of(8, 64);
    private static final int MOST_PREPARED = 150_000;

    /** One stretch of load. */
    private interface Measure {
        Figures of(Duration time) throws IOException, InterruptedException;
    }

    private final NodeWorld world;
    private final Duration warmUp;
    private final Duration time;

    private NodeBenchmark(NodeWorld world, Duration warmUp, Duration time) {
        this.world = world;
        this.warmUp = warmUp;
        this.time = time;
    }

    /** Arguments: the node's jar, seconds of warm-up and of a round. */
    public static void main(String[] arguments) throws Exception {
        try (NodeWorld world = new NodeWorld(Path.of(arguments[0]), Map.of())) {
            new NodeBenchmark(
                            world,
                            Duration.ofSeconds(Long.parseLong(arguments[1])),
                            Duration.ofSeconds(Long.parseLong(arguments[2])))
                    .run();
        }
    }

    private void run() throws Exception {
        Map<String, byte[]> mlp = Map.of("model.onnx", NodeModels.mlp());
        Map<String, Measure> small = new LinkedHashMap<>();
        small.put("engine alone", bare("mlp"));
        NodeCalls platform =
                NodeCalls.ofMlp(world.registry(), world.deploy(Task.TENSORS, true, mlp));
        NodeCalls tenant =
                NodeCalls.ofMlp(world.registry(), world.deploy(Task.TENSORS, false, mlp));
        for (int connections : CONNECTIONS) {
            small.put("platform's, " + connections, node(platform, connections));
            small.put("tenant's, " + connections, node(tenant, connections));
        }
        print("Small MLP by OIP JSON", "call", measure(small));

        isolation(NodeModels.mlp());
        binary();

        Map<String, byte[]> files =
                Map.of("model.onnx", NodeModels.miniLm(), "tokenizer.json", NodeModels.tokenizer());
        Map<String, Measure> texts = new LinkedHashMap<>();
        texts.put("engine alone", bare("minilm"));
        NodeCalls sentences =
                NodeCalls.ofSentences(
                        world.registry(), world.deploy(Task.TEXT_EMBEDDING, true, files));
        for (int connections : CONNECTIONS) {
            texts.put("platform's, " + connections, node(sentences, connections));
        }
        print("MiniLM, a sentence a call", "sentence", measure(texts));
    }

    /** Ends with its process, so that nothing of it is beside what comes next. */
    private void isolation(byte[] model) throws Exception {
        Path folder = Files.createDirectory(world.processes().folder().resolve("isolation"));
        Path file = Files.write(folder.resolve("model.onnx"), model);
        Process process =
                world.processes()
                        .startTalking(
                                List.of(
                                        "-cp",
                                        world.nodeClassPath() + ":bench/target/classes",
                                        Isolation.class.getName(),
                                        file.toString(),
                                        Long.toString(warmUp.toSeconds()),
                                        Long.toString(Math.max(1, time.toSeconds() / 2)),
                                        "--ATRIUM_NODE_PORT=0",
                                        "--ATRIUM_NODE_DATA=" + folder.resolve("data"),
                                        "--ATRIUM_NODE_NAME=isolation",
                                        "--ATRIUM_NODE_JOIN_TOKEN=" + FakeRegistry.JOIN_TOKEN,
                                        "--ATRIUM_REGISTRY_INTERNAL_URL="
                                                + world.registry().url()));
        String[] said =
                line(process.inputReader(StandardCharsets.UTF_8), Isolation.ANSWER + ".*")
                        .split(" ");
        process.waitFor();
        double aside = Double.parseDouble(said[3]);
        double worker = Double.parseDouble(said[4]);
        System.out.printf(
                Locale.ROOT,
                "%n### A walled process of its own, one caller, p50 µs%n| wall | directly in the node's process | there by another thread | in a worker | costs beside the other thread |%n|---|---|---|---|---|%n| %s | %s | %.1f | %.1f | %.1f |%n",
                said[1],
                said[2],
                aside,
                worker,
                worker - aside);
    }

    /** Outputs of 10,000 numbers as JSON and as bytes. */
    private void binary() throws Exception {
        PlacementOrder model =
                world.deploy(
                        Task.TENSORS,
                        false,
                        Map.of("model.onnx", TinyOnnx.identity(TinyOnnx.FLOAT)));
        Map<String, Measure> forms = new LinkedHashMap<>();
        for (boolean asBytes : List.of(false, true)) {
            NodeCalls calls = NodeCalls.ofNumbers(world.registry(), model, asBytes);
            // Made while it runs: so many of such a length would not fit in memory.
            forms.put(
                    asBytes ? "as bytes, 1" : "as JSON, 1",
                    span -> RawLoad.run(world.node(), calls, 1, span));
        }
        print("Outputs of 10,000 floats", "call", measure(forms));
    }

    private Measure node(NodeCalls calls, int connections) {
        return span -> {
            calls.prepare((int) Math.min(MOST_PREPARED, 20_000 * span.toSeconds()));
            return RawLoad.run(world.node(), calls, connections, span);
        };
    }

    private Measure bare(String model) throws IOException {
        Process process =
                world.processes()
                        .startTalking(
                                List.of(
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        BareEngine.class.getName(),
                                        model));
        Target target = new Target(model, "", "", process.toHandle());
        PrintWriter orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        BufferedReader answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return span -> {
            double cpu = target.cpuSeconds();
            orders.println(span.toMillis());
            int rows = Integer.parseInt(line(answers, "\\d+"));
            double perRow = (target.cpuSeconds() - cpu) / rows * 1e6;
            return new Figures(rows, 0, perRow, rows / (span.toMillis() / 1e3), 0, 0);
        };
    }

    /** The next one of that kind: libraries say things, too. */
    static String line(BufferedReader answers, String kind) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.matches(kind)) {
            line = answers.readLine();
        }
        if (line == null) {
            throw new IOException("a process has ended without its answer");
        }
        return line;
    }

    private Map<String, Figures> measure(Map<String, Measure> measures) throws Exception {
        for (Measure measure : measures.values()) {
            measure.of(warmUp);
        }
        Map<String, List<Figures>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Measure> each : measures.entrySet()) {
                rounds.computeIfAbsent(each.getKey(), it -> new ArrayList<>())
                        .add(each.getValue().of(time));
            }
        }
        Map<String, Figures> medians = new LinkedHashMap<>();
        rounds.forEach((name, figures) -> medians.put(name, Figures.median(figures)));
        return medians;
    }

    private static void print(String title, String unit, Map<String, Figures> figures) {
        double alone = figures.values().iterator().next().cpuMicros();
        System.out.printf(
                Locale.ROOT,
                "%n### %s%n| who, connections | CPU µs per %s | × the first | %ss/s | p50 µs | p99 µs | failed |%n|---|---|---|---|---|---|---|%n",
                title,
                unit,
                unit);
        figures.forEach((name, it) ->
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f | %.2f | %.0f | %.0f | %.0f | %d of %d |%n",
                        name,
                        it.cpuMicros(),
                        it.cpuMicros() / alone,
                        it.perSecond(),
                        it.p50Micros(),
                        it.p99Micros(),
                        it.failures(),
                        it.count()));
    }
}
