package dev.atrium.node.worker.child;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The first call of a model is ours, not a caller's: it pays for lazy initialisation and shows
 * whether the model computes at all. Inputs are zeros.
 */
final class WarmUp {
    private static final String TEXT = "Atrium warms this model up.";

    private WarmUp() {}

    static void run(LoadedModel model, ModelSource source, int batch) {
        switch (source.task()) {
            case TEXT_EMBEDDING ->
                    model.embed(Collections.nCopies(batch, TEXT), new Cancellation());
            case TEXT_GENERATION -> chat(model);
            case TENSORS -> infer(model, source, batch);
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    AUTOMATIC_SPEECH_RECOGNITION ->
                    model.warmUp();
        }
    }

    private static void chat(LoadedModel model) {
        try {
            model.chat(greeting(), new Cancellation(), piece -> {});
        } catch (EngineException e) {
            if (!e.code().equals(NodeError.CONTEXT_LENGTH_EXCEEDED)) {
                throw e;
            }
            // A context too short for our words may be long enough for the owner's.
        }
    }

    private static ChatRequest greeting() {
        return new ChatRequest(
                List.of(new ChatRequest.Message("user", TEXT)), 2, 0f, null, 1, List.of());
    }

    /** Without a signature nothing is known about the inputs, so nothing can be tried. */
    private static void infer(LoadedModel model, ModelSource source, int batch) {
        Signature signature = Samples.signature(model, source);
        if (signature.inputs().isEmpty()) {
            return;
        }
        List<Tensor> inputs = new ArrayList<>();
        signature.inputs().forEach(input -> inputs.add(Samples.zeros(input, batch)));
        try {
            model.infer(inputs, List.of(), new Cancellation(), outputs -> {});
        } catch (EngineException e) {
            if (signature.inputs().stream().noneMatch(Samples::isGuessed)) {
                throw e;
            }
            // Our guess of the free dimensions may be what the model does not like.
        }
    }
}
