package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes labels with scores, best first, of a model's output; or leaves its values as they are. */
final class Ranking implements Reading {
    private static final int DEFAULT_TOP = 5;
    private static final long MOST_ANSWERED = 100_000;

    private enum Activation {
        SOFTMAX,
        SIGMOID,
        NONE
    }

    private final boolean ranks;
    private final List<String> labels;
    private final Activation activation;
    private final int top;

    private Ranking(boolean ranks, List<String> labels, Activation activation, int top) {
        this.ranks = ranks;
        this.labels = labels;
        this.activation = activation;
        this.top = top;
    }

    /** A table's numbers are values unless their owner names classes. */
    static Ranking of(ModelSource source) {
        VersionSettings settings = source.settings();
        List<String> labels =
                settings.labels() == null ? ConfiguredLabels.of(source) : settings.labels();
        Activation activation =
                switch (settings.activation()) {
                    case "sigmoid" -> Activation.SIGMOID;
                    case "none" -> Activation.NONE;
                    case null, default -> Activation.SOFTMAX;
                };
        return new Ranking(
                source.task() != Task.TABULAR || !labels.isEmpty(),
                labels,
                activation,
                settings.topK() == null ? DEFAULT_TOP : settings.topK());
    }

    @Override
    public List<Tensor> of(Tensor output, int computed, int rows, @Nullable Integer wanted) {
        double[] numbers = Outputs.numbers(output);
        if (numbers.length == 0 || numbers.length % computed != 0) {
            throw EngineException.failed(
                    "output '"
                            + output.name()
                            + "' has the shape "
                            + Arrays.toString(output.shape())
                            + ", which does not fit "
                            + computed
                            + " rows",
                    null);
        }
        int width = numbers.length / computed;
        if (!ranks) {
            requireBounded((long) rows * width);
            double[] values = Arrays.copyOf(numbers, rows * width);
            return List.of(floats(Prediction.VALUES, rows, width, values));
        }
        if (!labels.isEmpty() && labels.size() != width) {
            throw EngineException.failed(
                    "the model gives "
                            + width
                            + " scores, but the version has "
                            + labels.size()
                            + " labels",
                    null);
        }
        return ranked(numbers, rows, width, Math.min(width, wanted == null ? top : wanted));
    }

    private List<Tensor> ranked(double[] numbers, int rows, int width, int best) {
        requireBounded((long) rows * best);
        List<byte[]> names = new ArrayList<>(rows * best);
        double[] scores = new double[rows * best];
        for (int row = 0; row < rows; row++) {
            double[] all = scores(Arrays.copyOfRange(numbers, row * width, (row + 1) * width));
            int[] order =
                    IntStream.range(0, width)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer i) -> -all[i]))
                            .limit(best)
                            .mapToInt(Integer::intValue)
                            .toArray();
            for (int i = 0; i < best; i++) {
                names.add(name(order[i]).getBytes(StandardCharsets.UTF_8));
                scores[row * best + i] = all[order[i]];
            }
        }
        return List.of(
                texts(Prediction.LABELS, rows, best, names),
                floats(Prediction.SCORES, rows, best, scores));
    }

    private String name(int index) {
        return labels.isEmpty() ? Integer.toString(index) : labels.get(index);
    }

    /** What is no number has no rank. */
    private double[] scores(double[] numbers) {
        for (double number : numbers) {
            if (Double.isNaN(number)) {
                throw EngineException.failed("the model gives NaN for this input", null);
            }
        }
        switch (activation) {
            case SOFTMAX -> softmax(numbers);
            case SIGMOID -> Arrays.setAll(numbers, i -> 1 / (1 + Math.exp(-numbers[i])));
            case NONE -> {}
        }
        return numbers;
    }

    private static void softmax(double[] numbers) {
        // Beyond this, infinities would make scores that are no numbers.
        double largest =
                Math.clamp(
                        Arrays.stream(numbers).max().orElse(0), -Float.MAX_VALUE, Float.MAX_VALUE);
        double sum = 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Math.exp(Math.min(numbers[i], largest) - largest);
            sum += numbers[i];
        }
        double total = sum;
        Arrays.setAll(numbers, i -> total > 0 ? numbers[i] / total : 0);
    }

    private static void requireBounded(long entries) {
        if (entries > MOST_ANSWERED) {
            throw EngineException.invalidInput(
                    "the answer would have "
                            + entries
                            + " entries, more than "
                            + MOST_ANSWERED
                            + "; send fewer rows or ask for fewer labels");
        }
    }

    private static Tensor floats(String name, int rows, int columns, double[] numbers) {
        ByteBuffer data =
                ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : numbers) {
            data.putFloat((float) number);
        }
        return new Tensor(name, Datatype.FP32, new long[] {rows, columns}, data.flip());
    }

    private static Tensor texts(String name, int rows, int columns, List<byte[]> texts) {
        int bytes = texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(text -> data.putInt(text.length).put(text));
        return new Tensor(name, Datatype.BYTES, new long[] {rows, columns}, data.flip());
    }
}
