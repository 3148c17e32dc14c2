package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tensor model with the preparation of its inputs in front and labels behind. */
public final class PredictingModel implements LoadedModel {
    private final LoadedModel model;
    private final Task task;
    private final Preparation preparation;
    private final Ranking ranking;
    private final List<String> outputs;

    private PredictingModel(
            LoadedModel model, Task task, Preparation preparation, Ranking ranking, String output) {
        this.model = model;
        this.task = task;
        this.preparation = preparation;
        this.ranking = ranking;
        this.outputs = output.isEmpty() ? List.of() : List.of(output);
    }

    /** Takes model and preparation over: closing this closes them. */
    public static LoadedModel of(LoadedModel model, Preparation preparation, ModelSource source) {
        try {
            return new PredictingModel(
                    model,
                    source.task(),
                    preparation,
                    Ranking.of(source),
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
        AtomicReference<@Nullable List<Tensor>> ranked = new AtomicReference<>();
        model.infer(
                prepared.inputs(),
                outputs,
                cancellation,
                results -> ranked.set(rank(results, prepared, top)));
        List<Tensor> answer = ranked.get();
        if (answer == null) {
            throw EngineException.failed("the model gives no output", null);
        }
        return new Prediction(answer, prepared.inputTokens(), prepared.media());
    }

    private List<Tensor> rank(
            List<Tensor> results, Preparation.Prepared prepared, @Nullable Integer top) {
        int computed = (int) prepared.inputs().getFirst().shape()[0];
        return ranking.of(Outputs.first(results), computed, prepared.rows(), top);
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
