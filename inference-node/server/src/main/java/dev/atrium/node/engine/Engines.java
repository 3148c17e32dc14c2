package dev.atrium.node.engine;

import dev.atrium.node.engine.audio.AudioPreparation;
import dev.atrium.node.engine.image.ImagePreparation;
import dev.atrium.node.engine.llm.LlamaEngine;
import dev.atrium.node.engine.onnx.OnnxEngine;
import dev.atrium.node.engine.predict.PredictingModel;
import dev.atrium.node.engine.predict.Preparation;
import dev.atrium.node.engine.pytorch.TorchEngine;
import dev.atrium.node.engine.table.TablePreparation;
import dev.atrium.node.engine.text.TextEmbeddingModel;
import dev.atrium.node.engine.text.TextPreparation;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;

/** Finds the engine of a version; only that engine's native libraries are ever touched. */
public final class Engines {
    private Engines() {}

    public static LoadedModel load(ModelSource source) {
        requireSense(source);
        LoadedModel model =
                switch (source.framework()) {
                    case ONNX -> Copies.of(source.copies(), () -> OnnxEngine.load(source));
                    case TORCHSCRIPT -> TorchEngine.load(source);
                    case GGUF -> LlamaEngine.load(source);
                };
        if (source.task().predicts()) {
            return predicting(model, source);
        }
        return source.task() == Task.TEXT_EMBEDDING ? TextEmbeddingModel.of(model, source) : model;
    }

    private static LoadedModel predicting(LoadedModel model, ModelSource source) {
        try {
            return PredictingModel.of(model, preparation(model, source), source);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Preparation preparation(LoadedModel model, ModelSource source) {
        Signature signature =
                model.signature().inputs().isEmpty() ? source.signature() : model.signature();
        return switch (source.task()) {
            case TEXT_CLASSIFICATION -> TextPreparation.of(signature, source);
            case IMAGE_CLASSIFICATION -> new ImagePreparation(signature, source.settings().image());
            case TABULAR -> new TablePreparation(signature, source.settings().columns());
            case AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION ->
                    new AudioPreparation(signature, source.settings().audio());
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS ->
                    throw new IllegalArgumentException(source.task() + " predicts nothing");
        };
    }

    /** Makes the engines that unpack their own libraries do so, each as far as it is here. */
    public static void unpack() {
        TorchEngine.unpack();
        TextEmbeddingModel.unpack();
    }

    private static void requireSense(ModelSource source) {
        boolean generates = source.task() == Task.TEXT_GENERATION;
        boolean sensible =
                switch (source.framework()) {
                    case ONNX, TORCHSCRIPT -> !generates;
                    case GGUF -> generates;
                };
        if (!sensible) {
            throw EngineException.failed(
                    source.framework() + " models cannot do " + source.task(), null);
        }
    }
}
