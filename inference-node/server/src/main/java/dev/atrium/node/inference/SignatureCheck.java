package dev.atrium.node.inference;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a request with what the model takes, before a worker sees it. */
final class SignatureCheck {
    private SignatureCheck() {}

    /**
     * The inputs in the model's order; in the caller's order where the model does not say.
     *
     * @throws EngineException naming the tensor, what was expected and what was given
     */
    static List<Tensor> inputs(List<Tensor> given, Signature signature) {
        Map<String, Tensor> byName = new HashMap<>();
        for (Tensor tensor : given) {
            if (byName.put(tensor.name(), tensor) != null) {
                throw EngineException.invalidInput("input '" + tensor.name() + "' comes twice");
            }
        }
        if (signature.inputs().isEmpty()) {
            return given;
        }
        List<Tensor> ordered = new ArrayList<>(given.size());
        for (TensorSpec spec : signature.inputs()) {
            Tensor tensor = byName.remove(spec.name());
            if (tensor == null) {
                throw EngineException.invalidInput(
                        "input '"
                                + spec.name()
                                + "' is missing; the model takes "
                                + names(signature));
            }
            requireFit(tensor, spec);
            ordered.add(tensor);
        }
        for (String unknown : byName.keySet()) {
            throw EngineException.invalidInput(
                    "input '" + unknown + "' is unknown; the model takes " + names(signature));
        }
        return ordered;
    }

    static void outputs(List<String> wanted, Signature signature) {
        if (signature.outputs().isEmpty()) {
            return;
        }
        List<String> known = signature.outputs().stream().map(TensorSpec::name).toList();
        for (String output : wanted) {
            if (!known.contains(output)) {
                throw EngineException.invalidInput(
                        "output '" + output + "' is unknown; the model gives " + known);
            }
        }
    }

    private static void requireFit(Tensor tensor, TensorSpec spec) {
        if (!tensor.datatype().name().equals(spec.datatype())) {
            throw EngineException.invalidInput(
                    "input '"
                            + spec.name()
                            + "' must be "
                            + spec.datatype()
                            + ", but is "
                            + tensor.datatype());
        }
        long[] shape = tensor.shape();
        boolean fits = shape.length == spec.shape().size();
        for (int i = 0; fits && i < shape.length; i++) {
            long dimension = spec.shape().get(i);
            fits = dimension < 0 || dimension == shape[i];
        }
        if (!fits) {
            throw EngineException.invalidInput(
                    "input '"
                            + spec.name()
                            + "' must have the shape "
                            + spec.shape()
                            + " (-1 is free), but has "
                            + Arrays.toString(shape));
        }
    }

    private static List<String> names(Signature signature) {
        return signature.inputs().stream().map(TensorSpec::name).toList();
    }
}
