package dev.atrium.node.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ErrorWords;

/** What a native error means to the caller, without paths of the node. */
final class OnnxErrors {
    private OnnxErrors() {}

    static EngineException loading(OrtException e) {
        return EngineException.failed("ONNX Runtime cannot load the model: " + ErrorWords.of(e), e);
    }

    static EngineException computing(OrtException e, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return EngineException.cancelled();
        }
        return switch (e.getCode()) {
            case ORT_INVALID_ARGUMENT -> EngineException.invalidInput(ErrorWords.of(e));
            default -> EngineException.failed("the model could not compute these inputs", e);
        };
    }
}
