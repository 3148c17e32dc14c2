package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests with tensors as bytes behind their JSON, and what reading numbers costs. */
class BinaryRequestTests {
    private static final int MAX_BYTES = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void readsTensorsInTheOrderInWhichTheyAreNamed() {
        String json =
                """
                {"inputs":[
                  {"name":"a","shape":[2,2],"datatype":"UINT32","parameters":{"binary_data_size":16}},
                  {"name":"b","shape":[1],"datatype":"FP32","data":[0.5]},
                  {"name":"c","shape":[3],"datatype":"BOOL","parameters":{"binary_data_size":3}}],
                 "outputs":[{"name":"y","parameters":{"binary_data":true}},{"name":"z"}]}\
                """;
        byte[] tail =
                ByteBuffer.allocate(19)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(1)
                        .putInt(2)
                        .putInt(3)
                        .putInt(-1)
                        .put(new byte[] {1, 0, 1})
                        .array();

        InferRequest request = read(json, tail);

        assertThat(request.inputs()).extracting("name").containsExactly("a", "b", "c");
        assertThat(request.inputs().getFirst().datatype()).isEqualTo(Datatype.UINT32);
        assertThat(request.inputs().getFirst().data().isDirect()).isTrue();
        assertThat(request.inputs().getFirst().data().getInt(12)).isEqualTo(-1);
        assertThat(request.inputs().get(1).data().getFloat(0)).isEqualTo(0.5f);
        assertThat(request.inputs().get(2).data().remaining()).isEqualTo(3);
        assertThat(request.binary().isBinary("y")).isTrue();
        assertThat(request.binary().isBinary("z")).isFalse();
        request.buffers().release();
    }

    @Test
    void anOutputsOwnWordCountsMoreThanThatForAll() {
        String json =
                """
                {"parameters":{"binary_data_output":true},"inputs":[],
                 "outputs":[{"name":"y"},{"name":"z","parameters":{"binary_data":false}}]}\
                """;

        InferRequest request = read(json, new byte[0]);

        assertThat(request.binary().isBinary("y")).isTrue();
        assertThat(request.binary().isBinary("z")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP32|[2]|7|7|asks for 8 bytes, but its binary_data_size is 7",
                "FP32|[2]|8|7|the body ends 1 bytes before its data does",
                "FP32|[2]|8|9|goes on behind",
                "FP32|[4611686018427387904]|8|8|beyond all memory",
                "FP32|[1000000]|4000000|8|more than the 1048576 of a tensor",
                "FP32|[2]|-8|8|not negative",
                "FP32|[2]|8.0|8|not negative",
                "FP32|[2]|99999999999999999999|8|not negative",
                "BYTES|[1]|8|8|a length of its BYTES is beyond its end",
                "BYTES|[1]|3|3|a length of its BYTES is beyond its end",
                "BOOL|[2]|2|2|a BOOL must be the byte 0 or 1, but is 255"
            })
    void refusesBytesThatAreNotWhatTheShapeAsksFor(
            String datatype, String shape, String size, int bytes, String reason) {
        byte[] tail = new byte[bytes];
        java.util.Arrays.fill(tail, (byte) 0xFF);

        assertThatThrownBy(() -> read(input(datatype, shape, size), tail))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesTextsOfAnotherNumber() {
        byte[] two =
                ByteBuffer.allocate(10)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(2)
                        .putShort((short) 0x6161)
                        .putInt(0)
                        .array();

        InferRequest request = read(input("BYTES", "[2]", "10"), two);

        assertThat(request.inputs().getFirst().elements()).isEqualTo(2);
        request.buffers().release();
        assertThatThrownBy(() -> read(input("BYTES", "[3]", "10"), two))
                .hasMessageContaining("asks for 3 elements, but there are 2");
    }

    @Test
    void refusesBytesWithoutTheHeaderDataAsWellAndAHeaderThatIsTooLong() {
        String binary = input("FP32", "[2]", "8");
        assertThatThrownBy(() -> InferRequestReader.read(stream(binary, new byte[8]), MAX_BYTES))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> InferRequestReader.read(stream(binary, new byte[0]), MAX_BYTES))
                .hasMessageContaining("needs the header Inference-Header-Content-Length");
        String both = binary.replace("\"datatype\"", "\"data\":[1,2],\"datatype\"");
        assertThatThrownBy(() -> read(both, new byte[8]))
                .hasMessageContaining("both data and a binary_data_size");
        assertThatThrownBy(() ->
                        InferRequestReader.read(
                                stream("{\"inputs\":[]}", new byte[0]), MAX_BYTES, 100))
                .hasMessageContaining("87 bytes more than there are of JSON");
    }

    /**
     * Short numbers only: for longer ones the library's parser makes small objects in passing,
     * which are left out once the compiler has come that far, but not before.
     */
    @Test
    void numbersOfJsonAreReadWithoutAnObjectEach() {
        byte[] few = shortNumbers(1_000);
        byte[] many = shortNumbers(21_000);
        long perNumber = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            perNumber = Math.min(perNumber, (allocated(many) - allocated(few)) / 20_000);
        }

        assertThat(perNumber).as("a boxed float and its text would be over 60").isLessThan(8);
    }

    private static long allocated(byte[] body) {
        ByteArrayInputStream source = new ByteArrayInputStream(body);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        InferRequest request = InferRequestReader.read(source, MAX_BYTES);
        long after = THREADS.getCurrentThreadAllocatedBytes();
        request.buffers().release();
        return after - before;
    }

    private static byte[] shortNumbers(int count) {
        String numbers =
                IntStream.range(0, count)
                        .mapToObj(i -> Float.toString(0.25f * (i % 7 - 3)))
                        .collect(Collectors.joining(","));
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[%d],\"data\":[%s]}]}"
                .formatted(count, numbers)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String input(String datatype, String shape, String size) {
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":%s,"
                        + "\"parameters\":{\"binary_data_size\":%s}}]}")
                .formatted(datatype, shape, size);
    }

    private static InferRequest read(String json, byte[] tail) {
        return InferRequestReader.read(
                stream(json, tail), MAX_BYTES, json.getBytes(StandardCharsets.UTF_8).length);
    }

    private static ByteArrayInputStream stream(String json, byte[] tail) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        byte[] body = java.util.Arrays.copyOf(text, text.length + tail.length);
        System.arraycopy(tail, 0, body, text.length, tail.length);
        return new ByteArrayInputStream(body);
    }
}
