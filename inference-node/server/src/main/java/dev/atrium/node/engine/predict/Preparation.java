package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.usage.Media;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes tensors of a task's natural input. */
public interface Preparation extends AutoCloseable {

    /**
     * @param inputs each of as many rows, at least {@code rows}
     * @param rows what was asked about
     * @param inputTokens of texts; 0 elsewhere
     * @param media pictures and sound in it; null elsewhere
     */
    record Prepared(List<Tensor> inputs, int rows, long inputTokens, @Nullable Media media) {}

    /**
     * @param input of a type that the task takes, out of its form if it came in one
     * @throws dev.atrium.node.engine.EngineException naming the part that cannot be read
     */
    Prepared prepare(NaturalInput input, Cancellation cancellation);

    /** An input like those of callers, for the warm-up. */
    NaturalInput sample();

    @Override
    default void close() {}
}
