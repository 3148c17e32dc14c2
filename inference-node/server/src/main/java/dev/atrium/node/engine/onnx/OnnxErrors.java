package dev.atrium.node.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;

/** What a native error means to the caller, without paths of the node. */
final class OnnxErrors {
    private static final int LONGEST = 300;

    private OnnxErrors() {}

    static EngineException loading(OrtException e) {
        return EngineException.failed("ONNX Runtime cannot load the model: " + words(e), e);
    }

    static EngineException computing(OrtException e, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return EngineException.cancelled();
        }
        return switch (e.getCode()) {
            case ORT_INVALID_ARGUMENT -> EngineException.invalidInput(words(e));
            default -> EngineException.failed("the model could not compute these inputs", e);
        };
    }

    /** The native text, one line, with files reduced to their names. */
    private static String words(OrtException e) {
        String text =
                String.valueOf(e.getMessage())
                        .replaceAll("(?:/[^\\s/:\"']+)*/", "")
                        .replaceAll("[\\p{Cntrl}\\s]+", " ")
                        .strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
