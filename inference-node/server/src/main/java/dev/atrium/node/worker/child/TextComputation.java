package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Embeddings;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Texts in, a matrix with a row for each out. */
record TextComputation(LoadedModel model, List<String> texts) implements Computation {

    @Override
    public void compute(int fromRow, int rows, Cancellation cancellation, Sink sink) {
        embed(texts.subList(fromRow, fromRow + rows), cancellation, sink);
    }

    @Override
    public void computeAll(Cancellation cancellation, Sink sink) {
        embed(texts, cancellation, sink);
    }

    private void embed(List<String> some, Cancellation cancellation, Sink sink) {
        Embeddings embeddings = model.embed(some, cancellation);
        ByteBuffer values =
                ByteBuffer.allocateDirect(embeddings.values().length * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(embeddings.values());
        long[] shape = {embeddings.rows(), embeddings.columns()};
        Tensor matrix = new Tensor("embedding", Datatype.FP32, shape, values);
        sink.accept(List.of(matrix), embeddings.tokens());
    }
}
