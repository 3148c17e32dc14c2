package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.Tensor;
import java.util.List;

/** Tensors in, tensors out. */
record TensorComputation(LoadedModel model, List<Tensor> inputs, List<String> outputs)
        implements Computation {
    private static final int[] NO_TOKENS = {};

    @Override
    public void compute(int fromRow, int rows, Cancellation cancellation, Sink sink) {
        infer(inputs.stream().map(input -> input.rows(fromRow, rows)).toList(), cancellation, sink);
    }

    @Override
    public void computeAll(Cancellation cancellation, Sink sink) {
        infer(inputs, cancellation, sink);
    }

    private void infer(List<Tensor> tensors, Cancellation cancellation, Sink sink) {
        model.infer(tensors, outputs, cancellation, results -> sink.accept(results, NO_TOKENS));
    }
}
