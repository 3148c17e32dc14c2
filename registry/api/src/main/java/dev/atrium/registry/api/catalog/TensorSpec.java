package dev.atrium.registry.api.catalog;

import java.util.List;

/**
 * One input or output of a signature.
 *
 * @param datatype an Open Inference Protocol datatype such as {@code FP32}
 * @param shape {@code -1} is a variable dimension
 */
public record TensorSpec(String name, String datatype, List<Long> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
    }
}
