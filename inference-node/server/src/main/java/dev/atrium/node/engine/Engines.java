package dev.atrium.node.engine;

import dev.atrium.node.engine.onnx.OnnxEngine;

/** Finds the engine of a version; only that engine's native libraries are ever touched. */
public final class Engines {
    private Engines() {}

    public static LoadedModel load(ModelSource source) {
        return switch (source.framework()) {
            case ONNX -> OnnxEngine.load(source);
            case TORCHSCRIPT, GGUF ->
                    throw EngineException.failed(
                            "this node has no engine for " + source.framework(), null);
        };
    }
}
