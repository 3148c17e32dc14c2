package dev.atrium.node.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** From a model's output to one vector for each text. */
class PoolingTests {

    @Test
    void averagesTheTokensThatAreNoPadding() {
        Tensor output = tensor(new long[] {2, 2, 2}, 1, 3, 3, 5, 4, 8, 100, 100);

        float[][] vectors = Pooling.of("mean", false).vectors(output, new int[] {2, 1});

        assertThat(vectors[0]).containsExactly(2, 4);
        assertThat(vectors[1]).containsExactly(4, 8);
    }

    @Test
    void takesTheFirstToken() {
        Tensor output = tensor(new long[] {1, 2, 2}, 1, 3, 3, 5);

        assertThat(Pooling.of("cls", false).vectors(output, new int[] {2})[0])
                .containsExactly(1, 3);
    }

    @Test
    void givesVectorsTheLengthOne() {
        Tensor output = tensor(new long[] {1, 1, 2}, 3, 4);

        assertThat(Pooling.of("mean", true).vectors(output, new int[] {1})[0])
                .containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    }

    @Test
    void leavesANullVectorAlone() {
        Tensor output = tensor(new long[] {1, 1, 2}, 0, 0);

        assertThat(Pooling.of("mean", true).vectors(output, new int[] {1})[0])
                .containsExactly(0, 0);
    }

    @Test
    void takesWhatTheModelHasPooledItself() {
        Tensor output = tensor(new long[] {2, 2}, 1, 2, 3, 4);

        assertThat(Pooling.of("mean", false).vectors(output, new int[] {5, 3})[1])
                .containsExactly(3, 4);
    }

    @Test
    void refusesOutputsThatAreNoVectors() {
        Tensor output = tensor(new long[] {4}, 1, 2, 3, 4);

        assertThatThrownBy(() -> Pooling.of("mean", true).vectors(output, new int[] {1}))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> Pooling.of("max", true)).hasMessageContaining("mean or cls");
    }

    private static Tensor tensor(long[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor("y", Datatype.FP32, shape, data);
    }
}
