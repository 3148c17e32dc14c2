package dev.atrium.node.worker.ipc;

import dev.atrium.fuzz.Target;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.worker.ipc.Messages.TensorHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a worker says to its supervisor, once a model's code has taken it over: a kind of frame, the
 * length of its head, head and body.
 */
public final class WorkerFramesTarget implements Target {
    private static final NodeUsage USAGE = new NodeUsage(1, 2, 3);
    private static final int PREFIX = 3;

    @Override
    public List<byte[]> seeds() {
        TensorHead floats = new TensorHead("y", "FP32", new long[] {1, 2}, 8);
        TensorHead texts = new TensorHead("t", "BYTES", new long[] {1}, 5);
        byte[] text = {1, 0, 0, 0, 'a'};
        return List.of(
                frame(
                        FrameType.RESULT,
                        new Messages.Result(List.of(floats), USAGE, List.of(4L), false),
                        new byte[8]),
                frame(FrameType.RESULT, new Messages.Result(List.of(texts), USAGE), text),
                frame(
                        FrameType.PART,
                        new Messages.Part(0, List.of(floats), USAGE, null),
                        new byte[8]),
                frame(
                        FrameType.FAILED,
                        new Messages.Failed("invalid_input", "no", "x", USAGE),
                        new byte[0]),
                frame(FrameType.DELTA, new Messages.Delta("a", "stop", USAGE), new byte[0]),
                frame(FrameType.HELLO, new Messages.Hello(2), new byte[0]),
                frame(FrameType.WARM, new Messages.Warm("why"), new byte[0]),
                frame(
                        FrameType.LOADED,
                        "{\"signature\":{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4]}],\"outputs\":[]}}",
                        new byte[0]));
    }

    private static byte[] frame(FrameType type, Object head, byte[] body) {
        byte[] json =
                head instanceof String text
                        ? text.getBytes(StandardCharsets.UTF_8)
                        : Messages.write(head);
        return ByteBuffer.allocate(PREFIX + json.length + body.length)
                .put(type.code())
                .putShort((short) json.length)
                .put(json)
                .put(body)
                .array();
    }

    @Override
    public void read(byte[] input) throws IOException {
        if (input.length < PREFIX) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(input);
        byte code = bytes.get();
        byte[] head = new byte[Math.min(bytes.getShort() & 0xFFFF, bytes.remaining())];
        bytes.get(head);
        ByteBuffer body = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        try {
            FrameType type = FrameType.of(code).orElse(FrameType.RESULT);
            switch (type) {
                case HELLO -> Messages.read(head, Messages.Hello.class);
                case LOADED ->
                        Messages.read(head, Messages.Loaded.class).signature().inputs().size();
                case WARM -> Messages.read(head, Messages.Warm.class);
                case DELTA -> Messages.read(head, Messages.Delta.class).usage().computeMicros();
                case FAILED -> Messages.read(head, Messages.Failed.class).usage().computeMicros();
                case PART -> {
                    Messages.Part part = Messages.read(head, Messages.Part.class);
                    TensorBodies.tensors(part.outputs(), body);
                    part.usage().computeMicros();
                }
                default -> {
                    Messages.Result result = Messages.read(head, Messages.Result.class);
                    TensorBodies.tensors(result.outputs(), body);
                    result.usage().computeMicros();
                    result.tokens().forEach(Long::longValue);
                }
            }
        } catch (ProtocolException refused) {
            // The worker is killed.
        }
    }
}
