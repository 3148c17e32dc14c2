package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Predictions;
import dev.atrium.node.engine.Question;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.engine.predict.Preparation.Prepared;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Predictions of several callers. Inputs are prepared one by one; those that came out with the same
 * names, types and shapes but the first dimension are computed together. What is wrong with an
 * input, or with its rows of the output, is its caller's alone.
 */
final class JointPredictions {
    /** Pictures are small as files and large as tensors. */
    private static final long MOST_BYTES = 32L << 20;

    private static final int MOST_ROWS = 1_024;

    private record Form(String name, Datatype datatype, List<Long> ofRow) {}

    private record Ready(int question, Prepared prepared, long micros) {
        List<Form> forms() {
            return prepared.inputs().stream().map(JointPredictions::form).toList();
        }

        long bytes() {
            return prepared.inputs().stream().mapToLong(each -> each.data().remaining()).sum();
        }

        int rows() {
            return (int) prepared.inputs().getFirst().shape()[0];
        }
    }

    private final LoadedModel model;
    private final List<String> outputs;
    private final Reading reading;
    private final List<Question> questions;
    private final Cancellation cancellation;
    private final Predictions answers;

    JointPredictions(
            LoadedModel model,
            List<String> outputs,
            Reading reading,
            List<Question> questions,
            Cancellation cancellation,
            Predictions answers) {
        this.model = model;
        this.outputs = outputs;
        this.reading = reading;
        this.questions = questions;
        this.cancellation = cancellation;
        this.answers = answers;
    }

    private static Form form(Tensor input) {
        List<Long> ofRow = Arrays.stream(input.shape()).skip(1).boxed().toList();
        return new Form(input.name(), input.datatype(), ofRow);
    }

    void run(Function<NaturalInput, Prepared> preparation) {
        List<Ready> ready = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < questions.size(); i++) {
            if (answers.isWanted(i)) {
                prepare(i, preparation, ready);
                bytes = ready.stream().mapToLong(Ready::bytes).sum();
            }
            if (bytes >= MOST_BYTES) {
                compute(ready);
                ready.clear();
                bytes = 0;
            }
        }
        compute(ready);
    }

    private void prepare(
            int question, Function<NaturalInput, Prepared> preparation, List<Ready> ready) {
        long began = System.nanoTime();
        try {
            Prepared prepared = preparation.apply(questions.get(question).input());
            ready.add(new Ready(question, prepared, micros(began)));
        } catch (RuntimeException e) {
            answers.failed(question, e, micros(began));
        }
    }

    private static long micros(long beganNanos) {
        return Math.max(1, (System.nanoTime() - beganNanos) / 1_000);
    }

    private void compute(List<Ready> ready) {
        Map<List<Form>, List<Ready>> alike = new LinkedHashMap<>();
        for (Ready each : ready) {
            List<Ready> batch = alike.computeIfAbsent(each.forms(), forms -> new ArrayList<>());
            if (!batch.isEmpty() && rows(batch) + each.rows() > MOST_ROWS) {
                together(List.copyOf(batch));
                batch.clear();
            }
            batch.add(each);
        }
        alike.values().forEach(this::together);
    }

    private static int rows(List<Ready> batch) {
        return batch.stream().mapToInt(Ready::rows).sum();
    }

    private void together(List<Ready> batch) {
        if (batch.size() == 1) {
            alone(batch.getFirst());
            return;
        }
        try {
            infer(batch, joined(batch));
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            if (cancellation.isCancelled()) {
                batch.forEach(each -> answers.failed(each.question(), e, each.micros()));
                return;
            }
            answers.wereNoBatch();
            batch.forEach(this::alone);
        }
    }

    private void alone(Ready only) {
        if (!answers.isWanted(only.question())) {
            return;
        }
        long began = System.nanoTime();
        try {
            infer(List.of(only), only.prepared().inputs());
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            answers.failed(only.question(), e, only.micros() + micros(began));
        }
    }

    private void infer(List<Ready> batch, List<Tensor> inputs) {
        long began = System.nanoTime();
        model.infer(
                inputs,
                outputs,
                cancellation,
                results -> answer(batch, Outputs.first(results), micros(began)));
    }

    private void answer(List<Ready> batch, Tensor output, long micros) {
        int all = rows(batch);
        if (batch.size() > 1 && !output.hasRows(all)) {
            throw EngineException.failed("the outputs are not of as many rows as the inputs", null);
        }
        long from = 0;
        for (Ready each : batch) {
            Tensor own = batch.size() == 1 ? output : output.rows(from, each.rows());
            read(each, own, each.micros() + micros * each.rows() / all);
            from += each.rows();
        }
    }

    private void read(Ready each, Tensor output, long micros) {
        long began = System.nanoTime();
        Prediction prediction;
        try {
            Prepared prepared = each.prepared();
            Integer top = questions.get(each.question()).top();
            prediction =
                    new Prediction(
                            reading.of(output, each.rows(), prepared.rows(), top),
                            prepared.inputTokens(),
                            prepared.media());
        } catch (RuntimeException e) {
            answers.failed(each.question(), e, micros + micros(began));
            return;
        }
        answers.answered(each.question(), prediction, micros + micros(began));
    }

    private static List<Tensor> joined(List<Ready> batch) {
        List<Tensor> first = batch.getFirst().prepared().inputs();
        List<Tensor> joined = new ArrayList<>(first.size());
        for (int input = 0; input < first.size(); input++) {
            int index = input;
            List<Tensor> parts =
                    batch.stream().map(each -> each.prepared().inputs().get(index)).toList();
            joined.add(joined(first.get(input), parts, rows(batch)));
        }
        return joined;
    }

    private static Tensor joined(Tensor first, List<Tensor> parts, int rows) {
        int bytes = parts.stream().mapToInt(part -> part.data().remaining()).sum();
        ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        parts.forEach(part -> data.put(part.data().slice()));
        long[] shape = first.shape().clone();
        shape[0] = rows;
        return new Tensor(first.name(), first.datatype(), shape, data.flip());
    }
}
