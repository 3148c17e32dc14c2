package dev.atrium.node.worker;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.Messages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a call asks of its model. */
sealed interface Asked {
    /** A character of JSON takes at most this many bytes. */
    int BYTES_OF_CHARACTER = 6;

    /** See {@link dev.atrium.node.worker.queue.Queued#rows}. */
    int rows();

    /** Of the message to the worker, about. */
    long bytes();

    /** See {@link dev.atrium.node.worker.queue.Queued#joinKey}. */
    @Nullable Object joinKey();

    /** The first dimension of all inputs is the rows of a batch where there is a key. */
    record Tensors(List<Tensor> inputs, List<String> outputs, @Nullable Object joinKey)
            implements Asked {
        private record Form(String name, String datatype, List<Long> ofRow) {}

        private record Key(List<Form> inputs, List<String> outputs) {}

        static Tensors alone(List<Tensor> inputs, List<String> outputs) {
            return new Tensors(inputs, outputs, null);
        }

        /** With others of the same shape but for the first dimension. */
        static Tensors joining(List<Tensor> inputs, List<String> outputs) {
            if (inputs.isEmpty() || inputs.getFirst().shape().length == 0) {
                return alone(inputs, outputs);
            }
            long rows = inputs.getFirst().shape()[0];
            boolean fits =
                    rows > 0
                            && rows <= Short.MAX_VALUE
                            && inputs.stream().allMatch(input -> input.hasRows(rows));
            return fits
                    ? new Tensors(inputs, outputs, key(inputs, outputs))
                    : alone(inputs, outputs);
        }

        private static Key key(List<Tensor> inputs, List<String> outputs) {
            return new Key(inputs.stream().map(Tensors::form).toList(), outputs);
        }

        private static Form form(Tensor input) {
            List<Long> ofRow = Arrays.stream(input.shape()).skip(1).boxed().toList();
            return new Form(input.name(), input.datatype().name(), ofRow);
        }

        @Override
        public int rows() {
            return joinKey == null ? 1 : (int) inputs.getFirst().shape()[0];
        }

        @Override
        public long bytes() {
            return inputs.stream().mapToLong(input -> input.data().remaining()).sum();
        }
    }

    record Texts(List<String> texts, @Nullable Object joinKey) implements Asked {
        /** All texts are alike: they are sorted by length inside the worker. */
        static final Object JOINING = new Object();

        @Override
        public int rows() {
            return Math.max(1, texts.size());
        }

        @Override
        public long bytes() {
            return texts.stream()
                    .mapToLong(text -> (long) BYTES_OF_CHARACTER * text.length())
                    .sum();
        }
    }

    /**
     * What a natural input becomes is known only in the worker, which computes those together that
     * become alike.
     *
     * @param top labels to answer; null for the version's own number
     */
    record Natural(
            @Nullable String contentType,
            ByteBuffer input,
            @Nullable Integer top,
            @Nullable Object joinKey)
            implements Asked {
        static final Object JOINING = new Object();

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public long bytes() {
            return input.remaining();
        }
    }

    /**
     * @param onDelta gets pieces of the answer; must not block
     * @param maxDeltas more pieces than this break the protocol
     */
    record Conversation(ChatRequest request, Consumer<Messages.Delta> onDelta, int maxDeltas)
            implements Asked {
        @Override
        public int rows() {
            return 1;
        }

        @Override
        public long bytes() {
            return request.messages().stream()
                    .map(ChatRequest.Message::content)
                    .mapToLong(text -> text == null ? 0 : (long) BYTES_OF_CHARACTER * text.length())
                    .sum();
        }

        @Override
        public @Nullable Object joinKey() {
            return null;
        }
    }
}
