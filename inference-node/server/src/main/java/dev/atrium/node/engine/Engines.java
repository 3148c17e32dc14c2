package dev.atrium.node.engine;

import dev.atrium.node.engine.llm.LlamaEngine;
import dev.atrium.node.engine.onnx.OnnxEngine;
import dev.atrium.node.engine.pytorch.TorchEngine;
import dev.atrium.node.engine.text.TextEmbeddingModel;
import dev.atrium.registry.api.catalog.Task;

/** Finds the engine of a version; only that engine's native libraries are ever touched. */
public final class Engines {
    private Engines() {}

    public static LoadedModel load(ModelSource source) {
        requireSense(source);
        LoadedModel model =
                switch (source.framework()) {
                    case ONNX -> OnnxEngine.load(source);
                    case TORCHSCRIPT -> TorchEngine.load(source);
                    case GGUF -> LlamaEngine.load(source);
                };
        return source.task() == Task.TEXT_EMBEDDING ? TextEmbeddingModel.of(model, source) : model;
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
