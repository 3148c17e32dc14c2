package dev.atrium.node.worker;

import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.Messages.NaturalHead;
import dev.atrium.node.worker.ipc.Messages.TensorHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch as the worker gets it. The tensors of its calls are not copied together: they go to the
 * socket one after the other, and come out of it as one.
 */
record BatchMessage(FrameType type, Object head, ByteBuffer[] body) {
    private static final ByteBuffer[] NO_BODY = {};

    /**
     * @param calls of one kind and with the same key, or only one
     */
    static BatchMessage of(long key, List<? extends Asked> calls) {
        List<Integer> rows = calls.stream().map(Asked::rows).toList();
        return switch (calls.getFirst()) {
            case Asked.Tensors first -> {
                List<List<Tensor>> inputs = new ArrayList<>();
                calls.forEach(call -> inputs.add(((Asked.Tensors) call).inputs()));
                yield tensors(key, first.outputs(), inputs, rows);
            }
            case Asked.Texts _ -> {
                List<String> texts = new ArrayList<>();
                calls.forEach(call -> texts.addAll(((Asked.Texts) call).texts()));
                yield new BatchMessage(
                        FrameType.EMBED, new Messages.Embed(key, texts, rows), NO_BODY);
            }
            case Asked.Natural _ -> natural(key, calls);
            case Asked.Conversation chat ->
                    new BatchMessage(
                            FrameType.CHAT, new Messages.Chat(key, chat.request()), NO_BODY);
        };
    }

    private static BatchMessage natural(long key, List<? extends Asked> calls) {
        List<NaturalHead> heads = new ArrayList<>(calls.size());
        List<ByteBuffer> body = new ArrayList<>(calls.size());
        for (Asked call : calls) {
            Asked.Natural natural = (Asked.Natural) call;
            int bytes = natural.input().remaining();
            heads.add(new NaturalHead(natural.contentType(), natural.top(), bytes));
            body.add(natural.input());
        }
        return new BatchMessage(
                FrameType.PREDICT,
                new Messages.Predict(key, heads),
                body.toArray(ByteBuffer[]::new));
    }

    private static BatchMessage tensors(
            long key, List<String> outputs, List<List<Tensor>> calls, List<Integer> rows) {
        int inputs = calls.getFirst().size();
        List<TensorHead> heads = new ArrayList<>(inputs);
        List<ByteBuffer> body = new ArrayList<>(inputs * calls.size());
        for (int input = 0; input < inputs; input++) {
            Tensor first = calls.getFirst().get(input);
            long[] shape = first.shape();
            long bytes = 0;
            if (calls.size() > 1) {
                shape = shape.clone();
                shape[0] = rows.stream().mapToLong(Integer::longValue).sum();
            }
            for (List<Tensor> call : calls) {
                body.add(call.get(input).data());
                bytes += call.get(input).data().remaining();
            }
            heads.add(new TensorHead(first.name(), first.datatype().name(), shape, bytes));
        }
        return new BatchMessage(
                FrameType.INFER,
                new Messages.Infer(key, heads, outputs, rows),
                body.toArray(ByteBuffer[]::new));
    }
}
