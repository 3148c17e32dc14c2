package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Tensor;
import java.util.List;

/** What a batch asks of a model, for all of its rows or some. */
interface Computation {
    /** Gets the outputs, whose buffers are valid only until it returns. */
    interface Sink {
        /**
         * @param tokens of each row; empty where there are none
         */
        void accept(List<Tensor> outputs, int[] tokens);
    }

    void compute(int fromRow, int rows, Cancellation cancellation, Sink sink);

    /** The same with all rows. */
    void computeAll(Cancellation cancellation, Sink sink);
}
