package dev.atrium.node.inference;

import dev.atrium.node.engine.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed infer request.
 *
 * @param id echoed in the answer
 * @param outputs names of the wanted outputs; empty wants all
 * @param binary which outputs are wanted as bytes
 * @param buffers holds the tensors' bytes; must be released
 */
record InferRequest(
        @Nullable String id,
        List<Tensor> inputs,
        List<String> outputs,
        BinaryOutputs binary,
        TensorBuffers buffers) {}
