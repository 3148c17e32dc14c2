package dev.atrium.registry.api.catalog;

import java.util.List;

/**
 * Inputs and outputs of a version; both empty where the format does not say (TorchScript, GGUF).
 */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    public static final Signature UNKNOWN = new Signature(List.of(), List.of());

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
