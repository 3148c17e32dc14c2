package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.Precision;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of how a deployment is computed, and what its engine can do of it.
 *
 * @see "docs/adr/0030-how-a-deployment-runs.md"
 */
final class ExecutionRules {
    private static final int MOST_THREADS = 64;
    private static final int MOST_INSTANCES = 16;
    private static final int MOST_THREADS_OF_ALL = 128;
    private static final int MOST_ROWS = 1_024;
    private static final long FEWEST_BYTES = 1_024;
    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_DELAY_MICROS = 100_000;
    private static final int MOST_SIZES = 16;
    private static final Pattern DEVICE = Pattern.compile("CPU|GPU:[0-9]{1,3}");

    private ExecutionRules() {}

    static void require(Execution execution, Framework framework) {
        within("threads", execution.threads(), 1, MOST_THREADS);
        within("instances", execution.instances(), 1, MOST_INSTANCES);
        requireFewThreads(execution);
        requireDevice(execution.wantedDevice(), framework);
        requirePrecision(execution.precision(), framework);
        if (execution.batching() != null) {
            require(execution.batching(), framework);
        }
    }

    /** A worker's wall bounds how many threads it may have. */
    private static void requireFewThreads(Execution execution) {
        int threads = execution.threads() == null ? 1 : execution.threads();
        int instances = execution.instances() == null ? 1 : execution.instances();
        if (threads * instances > MOST_THREADS_OF_ALL) {
            throw new InvalidRequestException(
                    "'execution.threads' times 'execution.instances' is "
                            + threads * instances
                            + " but must be at most "
                            + MOST_THREADS_OF_ALL);
        }
    }

    private static void requireDevice(String device, Framework framework) {
        if (!DEVICE.matcher(device).matches()) {
            throw new InvalidRequestException(
                    "'execution.device' must be CPU or GPU: and a number, such as GPU:0");
        }
        if (!device.equals(Execution.CPU) && framework == Framework.GGUF) {
            throw new InvalidRequestException(
                    "'execution.device' is " + device + ", but GGUF models compute on a CPU here");
        }
    }

    /** No engine that is built in computes with other numbers than the files hold. */
    private static void requirePrecision(@Nullable Precision precision, Framework framework) {
        if (precision == null || precision == Precision.AS_IS) {
            return;
        }
        String instead =
                switch (framework) {
                    case ONNX -> "an ONNX graph names the type of each tensor: upload one in ";
                    case TORCHSCRIPT -> "a TorchScript module keeps its types: save it in ";
                    case GGUF ->
                            "a GGUF file holds its numbers as they were quantised: upload one in ";
                };
        throw new InvalidRequestException(
                "'execution.precision' must be AS_IS; " + instead + precision);
    }

    private static void require(Batching batching, Framework framework) {
        if (framework == Framework.GGUF) {
            throw new InvalidRequestException(
                    "'execution.batching' is nothing for GGUF models: their generations share"
                            + " slots, of which there are as many as 'execution.instances'");
        }
        within("batching.maxRows", batching.maxRows(), 1, MOST_ROWS);
        within("batching.maxBytes", batching.maxBytes(), FEWEST_BYTES, MOST_BYTES);
        within("batching.maxDelayMicros", batching.maxDelayMicros(), 0, MOST_DELAY_MICROS);
        if (batching.preferredRows() != null) {
            requireSizes(batching.preferredRows(), batching.maxRows());
        }
    }

    private static void requireSizes(List<Integer> sizes, @Nullable Integer maxRows) {
        int most = maxRows == null ? MOST_ROWS : maxRows;
        if (sizes.size() > MOST_SIZES || sizes.stream().distinct().count() < sizes.size()) {
            throw new InvalidRequestException(
                    "'execution.batching.preferredRows' must be at most "
                            + MOST_SIZES
                            + " different sizes");
        }
        sizes.forEach(size -> within("batching.preferredRows", size, 1, most));
    }

    private static void within(String name, @Nullable Number given, long least, long most) {
        if (given != null && (given.longValue() < least || given.longValue() > most)) {
            throw new InvalidRequestException(
                    "'execution."
                            + name
                            + "' is "
                            + given
                            + " but must be "
                            + least
                            + " to "
                            + most);
        }
    }

    /** For the audit log; empty where nodes decide everything. */
    static List<String> inWords(Execution execution) {
        List<String> words = new ArrayList<>();
        say(words, "threads", execution.threads());
        say(words, "instances", execution.instances());
        say(words, "device", execution.device());
        say(words, "precision", execution.precision());
        Batching batching = execution.wantedBatching();
        if (!batching.joinsCalls()) {
            words.add("no batches");
        }
        say(words, "maxRows", batching.maxRows());
        say(words, "maxBytes", batching.maxBytes());
        say(words, "maxDelayMicros", batching.maxDelayMicros());
        say(words, "preferredRows", batching.preferredRows());
        return words.isEmpty() ? List.of("computed as nodes are set") : words;
    }

    private static void say(List<String> words, String name, @Nullable Object value) {
        if (value != null) {
            words.add(name + " " + value);
        }
    }
}
