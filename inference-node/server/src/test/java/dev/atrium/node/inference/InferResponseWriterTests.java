package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers of the Open Inference Protocol. */
class InferResponseWriterTests {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void namesModelVersionAndId() {
        JsonNode answer = write("9");

        assertThat(answer.toString())
                .isEqualTo(
                        "{\"model_name\":\"acme/m\",\"model_version\":\"3\",\"id\":\"9\",\"outputs\":[]}");
    }

    @Test
    void leavesTheIdOutWhenNoneWasGiven() {
        assertThat(write(null).has("id")).isFalse();
    }

    @Test
    void writesTheShortestDecimalThatMeansTheSameNumber() {
        ByteBuffer data = bytes(8).putFloat(0.1f).putFloat(1e20f).flip();

        JsonNode answer = write("1", new Tensor("y", Datatype.FP32, new long[] {2}, data));

        assertThat(answer.get("outputs").get(0).get("data").toString()).isEqualTo("[0.1,1.0E20]");
    }

    @Test
    void writesNumbersThatAreNoneAsText() {
        ByteBuffer data =
                bytes(24)
                        .putDouble(Double.NaN)
                        .putDouble(Double.POSITIVE_INFINITY)
                        .putDouble(Double.NEGATIVE_INFINITY)
                        .flip();

        JsonNode answer = write("1", new Tensor("y", Datatype.FP64, new long[] {3}, data));

        assertThat(answer.get("outputs").get(0).get("data").toString())
                .isEqualTo("[\"NaN\",\"Infinity\",\"-Infinity\"]");
    }

    @Test
    void writesUnsignedNumbersWithoutASign() {
        ByteBuffer longs = bytes(8).putLong(-1).flip();
        ByteBuffer ints = bytes(4).putInt(-1).flip();

        JsonNode answer =
                write(
                        "1",
                        new Tensor("l", Datatype.UINT64, new long[] {1}, longs),
                        new Tensor("i", Datatype.UINT32, new long[] {1}, ints));

        assertThat(answer.get("outputs").get(0).get("data").toString())
                .isEqualTo("[18446744073709551615]");
        assertThat(answer.get("outputs").get(1).get("data").toString()).isEqualTo("[4294967295]");
    }

    @Test
    void replacesBytesThatAreNoText() {
        ByteBuffer data = bytes(6).putInt(2).put((byte) 'a').put((byte) 0xFF).flip();

        JsonNode answer = write("1", new Tensor("y", Datatype.BYTES, new long[] {1}, data));

        assertThat(answer.get("outputs").get(0).get("data").get(0).asString()).isEqualTo("a\uFFFD");
    }

    /** Of every kind, the longest ones among them. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BYTES", "UINT64"})
    void writesNumbersWithoutAnObjectEach(Datatype datatype) {
        Tensor few = numbers(datatype, 1_000);
        Tensor many = numbers(datatype, 21_000);
        long perNumber = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            perNumber = Math.min(perNumber, (allocated(many) - allocated(few)) / 20_000);
        }

        assertThat(perNumber).as("the text of a float would be over 40").isLessThan(8);
    }

    private static Tensor numbers(Datatype datatype, int count) {
        int size = count * datatype.elementBytes();
        ByteBuffer data = bytes(size);
        for (int i = 0; i < size; i++) {
            // No exponent of this is that of a number that is none.
            data.put(i, (byte) (datatype == Datatype.BOOL ? i % 2 : 0x20 + i % 31));
        }
        return new Tensor("y", datatype, new long[] {count}, data);
    }

    private static long allocated(Tensor tensor) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        InferResponseWriter.write(
                "acme/m", 3, null, List.of(tensor), OutputStream.nullOutputStream());
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static JsonNode write(String id, Tensor... outputs) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        InferResponseWriter.write("acme/m", 3, id, List.of(outputs), target);
        return JsonMapper.builder().build().readTree(target.toString(StandardCharsets.UTF_8));
    }
}
