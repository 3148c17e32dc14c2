package dev.atrium.node.engine;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.registry.api.catalog.Signature;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A version in memory. All methods may be called from several threads at once; those that a task
 * does not have refuse with {@code unsupported}.
 */
public interface LoadedModel extends AutoCloseable {

    /** Inputs and outputs as the engine sees them; empty where the format does not say. */
    Signature signature();

    /**
     * Computes.
     *
     * @param outputs names of the wanted outputs in order; empty wants all
     * @param results gets the outputs, whose buffers are valid only until it returns
     */
    default void infer(
            List<Tensor> inputs,
            List<String> outputs,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        throw EngineException.unsupported("this model does not take tensors");
    }

    default Embeddings embed(List<String> texts, Cancellation cancellation) {
        throw EngineException.unsupported("this model does not embed text");
    }

    /**
     * Generates until the model stops, the limit is reached, or it is cancelled.
     *
     * @param pieces gets every new piece of text, and the finish reason with the last one
     * @return what was used, also when the generation was cancelled
     */
    default ChatUsage chat(
            ChatRequest request, Cancellation cancellation, Consumer<ChatPiece> pieces) {
        throw EngineException.unsupported("this model does not generate text");
    }

    /**
     * Does the version's task with its natural input.
     *
     * @param top labels to answer; null for the version's own number
     */
    default Prediction predict(
            NaturalInput input, @Nullable Integer top, Cancellation cancellation) {
        throw EngineException.unsupported("this model predicts nothing from natural inputs");
    }

    /**
     * The same with the inputs of several callers, of which those are computed together that become
     * alike.
     *
     * @param answers gets one for each question that somebody waits for
     */
    default void predict(List<Question> questions, Cancellation cancellation, Predictions answers) {
        throw EngineException.unsupported("this model predicts nothing from natural inputs");
    }

    /** A prediction of the model's own; other tasks are warmed up by calls that suit them. */
    default void warmUp() {
        throw EngineException.unsupported("this model predicts nothing from natural inputs");
    }

    @Override
    void close();
}
