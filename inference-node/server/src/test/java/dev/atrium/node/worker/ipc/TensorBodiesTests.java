package dev.atrium.node.worker.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.Messages.TensorHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tensors whose heads may lie. */
class TensorBodiesTests {

    @Test
    void cutsABodyIntoItsTensors() throws ProtocolException {
        ByteBuffer body = bytes(12).putFloat(1).putFloat(2).put((byte) 7).put(new byte[3]).flip();

        List<Tensor> tensors =
                TensorBodies.tensors(
                        List.of(head("a", "FP32", 8, 2), head("b", "UINT8", 4, 2, 2)), body);

        assertThat(tensors.get(0).data().getFloat(4)).isEqualTo(2);
        assertThat(tensors.get(1).data().get(0)).isEqualTo((byte) 7);
    }

    @Test
    void refusesHeadsThatTheBodyDoesNotBearOut() {
        refused(head("x", "FP32", 8, 3), 8);
        refused(head("x", "FP32", 8, 1), 8);
        refused(head("x", "FP32", 16, 4), 8);
        refused(head("x", "FP32", -1, 2), 8);
        refused(head("x", "FP32", 4, 1), 8);
        refused(head("x", "NOPE", 8, 2), 8);
        refused(head("x", "FP32", 8, -1, -2), 8);
        refused(head("x", "FP64", 8, Long.MAX_VALUE, 4), 8);
        refused(head("x", "FP32", 0, 1L << 62, 4), 0);
        refused(head("x", "BYTES", 8, 1), 8, 200);
        refused(head("x", "BYTES", 8, 1), 8, -1);
        refused(head("x", "BYTES", 8, 3), 8, 0);
        refused(new TensorHead("x", "FP32", new long[40], 0), 0);
    }

    private static void refused(TensorHead head, int bodyBytes, int... content) {
        ByteBuffer body = bytes(bodyBytes);
        for (int each : content) {
            body.putInt(each);
        }
        body.position(0);

        assertThatThrownBy(() -> TensorBodies.tensors(List.of(head), body))
                .isInstanceOf(ProtocolException.class);
    }

    private static TensorHead head(String name, String datatype, long bytes, long... shape) {
        return new TensorHead(name, datatype, shape, bytes);
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
