package dev.atrium.bench;

import dev.atrium.node.NodeApplication;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Engines;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Call;
import dev.atrium.node.worker.CallTerms;
import dev.atrium.node.worker.Deadline;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.Workers;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.Execution;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What it costs a call that its model is in a walled process of its own: the same small model
 * called by one caller through such a worker, and directly in the supervisor's process, in turns. A
 * node's own process, with nothing but a node's own class path.
 */
final class Isolation {
    static final String ANSWER = "isolation ";

    private static final int ROUNDS = 5;
    private static final UUID TENANT = UUID.randomUUID();

    /** One call. */
    private interface Caller {
        void call() throws Exception;
    }

    private Isolation() {}

    /** Arguments: the model's file, seconds of warm-up and of a round, then those of the node. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Duration warmUp = Duration.ofSeconds(Long.parseLong(arguments[1]));
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        String[] settings = List.of(arguments).subList(3, arguments.length).toArray(String[]::new);
        ModelSource source =
                new ModelSource(
                        Framework.ONNX,
                        Task.TENSORS,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        Map.of("model.onnx", file),
                        1,
                        1);
        try (ConfigurableApplicationContext node =
                        SpringApplication.run(NodeApplication.class, settings);
                LoadedModel direct = Engines.load(source)) {
            Workers workers = node.getBean(Workers.class);
            HostedModel hosted =
                    workers.host(
                            "isolation",
                            source,
                            Execution.DEFAULT,
                            Workers.Company.ALONE,
                            1,
                            () -> {});
            compare(workers.wall().toString(), direct, hosted, warmUp, time);
            hosted.unload();
        }
    }

    private static void compare(
            String wall, LoadedModel direct, HostedModel hosted, Duration warmUp, Duration time)
            throws Exception {
        Caller inside = () -> direct.infer(inputs(), List.of(), new Cancellation(), outputs -> {});
        Caller outside = () -> inWorker(hosted);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Caller aside = () -> thread.submit(() -> call(inside)).get();
            List<Caller> callers = List.of(inside, aside, outside);
            for (Caller caller : callers) {
                p50Micros(caller, warmUp);
            }
            Map<Caller, List<Double>> rounds = new HashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (Caller caller : callers) {
                    rounds.computeIfAbsent(caller, it -> new ArrayList<>())
                            .add(p50Micros(caller, time));
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s%s %.1f %.1f %.1f%n",
                    ANSWER,
                    wall,
                    median(rounds.getOrDefault(inside, List.of())),
                    median(rounds.getOrDefault(aside, List.of())),
                    median(rounds.getOrDefault(outside, List.of())));
        }
    }

    private static Boolean call(Caller caller) throws Exception {
        caller.call();
        return true;
    }

    private static void inWorker(HostedModel model) {
        CallTerms terms = new CallTerms(TENANT, Deadline.in(Duration.ofSeconds(10)), () -> {});
        Call call = model.infer(terms, inputs(), List.of(), () -> {}).orElseThrow();
        call.answer().join();
    }

    private static List<Tensor> inputs() {
        int features = NodeModels.FEATURES.length;
        ByteBuffer data =
                ByteBuffer.allocateDirect(features * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float each : NodeModels.FEATURES) {
            data.putFloat(each);
        }
        return List.of(
                new Tensor("features", Datatype.FP32, new long[] {1, features}, data.flip()));
    }

    private static double p50Micros(Caller caller, Duration time) throws Exception {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + time.toNanos();
        for (long begin = System.nanoTime(); begin - end < 0; begin = System.nanoTime()) {
            caller.call();
            latencies.add(System.nanoTime() - begin);
        }
        return latencies.quantile(0.5);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
