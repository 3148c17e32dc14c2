package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Predictions;
import dev.atrium.node.engine.Question;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tensor model with the preparation of its inputs in front and labels or a text behind. */
public final class PredictingModel implements LoadedModel {
    private final LoadedModel model;
    private final Task task;
    private final Preparation preparation;
    private final Reading reading;
    private final List<String> outputs;

    private PredictingModel(
            LoadedModel model, Task task, Preparation preparation, Reading reading, String output) {
        this.model = model;
        this.task = task;
        this.preparation = preparation;
        this.reading = reading;
        this.outputs = output.isEmpty() ? List.of() : List.of(output);
    }

    /** Takes model and preparation over: closing this closes them. */
    public static LoadedModel of(LoadedModel model, Preparation preparation, ModelSource source) {
        try {
            return new PredictingModel(
                    model,
                    source.task(),
                    preparation,
                    source.task() == Task.AUTOMATIC_SPEECH_RECOGNITION
                            ? CtcText.of(source)
                            : Ranking.of(source),
                    Outputs.wanted(model.signature(), source.settings().output()));
        } catch (RuntimeException e) {
            preparation.close();
            throw e;
        }
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public void infer(
            List<Tensor> tensors,
            List<String> wanted,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        model.infer(tensors, wanted, cancellation, results);
    }

    @Override
    public Prediction predict(
            NaturalInput input, @Nullable Integer top, Cancellation cancellation) {
        Preparation.Prepared prepared =
                preparation.prepare(InputTypes.accepted(task, input), cancellation);
        cancellation.throwIfCancelled();
        AtomicReference<@Nullable List<Tensor>> read = new AtomicReference<>();
        model.infer(
                prepared.inputs(),
                outputs,
                cancellation,
                results -> read.set(read(results, prepared, top)));
        List<Tensor> answer = read.get();
        if (answer == null) {
            throw EngineException.failed("the model gives no output", null);
        }
        return new Prediction(answer, prepared.inputTokens(), prepared.media());
    }

    @Override
    public void predict(List<Question> questions, Cancellation cancellation, Predictions answers) {
        new JointPredictions(model, outputs, reading, questions, cancellation, answers)
                .run(input -> preparation.prepare(InputTypes.accepted(task, input), cancellation));
    }

    private List<Tensor> read(
            List<Tensor> results, Preparation.Prepared prepared, @Nullable Integer top) {
        int computed = (int) prepared.inputs().getFirst().shape()[0];
        return reading.of(Outputs.first(results), computed, prepared.rows(), top);
    }

    @Override
    public void warmUp() {
        predict(preparation.sample(), null, new Cancellation());
    }

    @Override
    public void close() {
        preparation.close();
        model.close();
    }
}
