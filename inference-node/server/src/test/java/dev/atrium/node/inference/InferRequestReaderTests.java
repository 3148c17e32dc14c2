package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON of the Open Inference Protocol, good, bad and made by dice. */
class InferRequestReaderTests {
    private static final int MAX_BYTES = 1 << 20;

    @Test
    void readsFlatAndNestedDataAlike() {
        InferRequest flat = read(input("FP32", "[2,3]", "[1,2,3,4,5,6]"));
        InferRequest nested = read(input("FP32", "[2,3]", "[[1,2,3],[4,5,6]]"));

        assertThat(floats(flat)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(floats(nested)).containsExactly(1, 2, 3, 4, 5, 6);
        release(flat, nested);
    }

    @Test
    void takesMembersInAnyOrder() {
        InferRequest request =
                read(
                        """
                        {"outputs":[{"parameters":{},"name":"b"},{"name":"a"}],
                         "inputs":[{"data":[[1],[2]],"parameters":{"k":[1,{"x":2}]},
                                    "shape":[2,1],"datatype":"INT64","name":"x"}],
                         "parameters":{"p":true},"later":{"unknown":[1,2]},"id":"7"}
                        """);

        assertThat(request.id()).isEqualTo("7");
        assertThat(request.outputs()).containsExactly("b", "a");
        Tensor tensor = request.inputs().getFirst();
        assertThat(tensor.datatype()).isEqualTo(Datatype.INT64);
        assertThat(tensor.data().getLong(8)).isEqualTo(2);
        release(request);
    }

    @Test
    void keepsIntegersExact() {
        InferRequest signed =
                read(input("INT64", "[2]", "[9007199254740993,-9223372036854775808]"));
        InferRequest unsigned =
                read(input("UINT64", "[2]", "[18446744073709551615,9007199254740993]"));

        assertThat(signed.inputs().getFirst().data().getLong(0)).isEqualTo(9007199254740993L);
        assertThat(signed.inputs().getFirst().data().getLong(8)).isEqualTo(Long.MIN_VALUE);
        assertThat(unsigned.inputs().getFirst().data().getLong(0)).isEqualTo(-1);
        release(signed, unsigned);
    }

    @Test
    void readsAScalar() {
        InferRequest request = read(input("FP64", "[]", "[0.1]"));

        assertThat(request.inputs().getFirst().shape()).isEmpty();
        assertThat(request.inputs().getFirst().data().getDouble(0)).isEqualTo(0.1);
        release(request);
    }

    @Test
    void readsTextsAsLengthsAndBytes() {
        InferRequest request = read(input("BYTES", "[2]", "[\"é\",\"\"]"));

        ByteBuffer data = request.inputs().getFirst().data();
        assertThat(data.remaining()).isEqualTo(4 + 2 + 4);
        assertThat(data.getInt(0)).isEqualTo(2);
        assertThat(data.getInt(6)).isZero();
        release(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INT8|[1]|[128]|between -128 and 127",
                "UINT8|[1]|[-1]|between 0 and 255",
                "UINT8|[1]|[256]|between 0 and 255",
                "UINT16|[1]|[65536]|between 0 and 65535",
                "UINT32|[1]|[4294967296]|between 0 and 4294967295",
                "UINT64|[1]|[18446744073709551616]|between 0 and 18446744073709551615",
                "UINT64|[1]|[-1]|between 0",
                "INT64|[1]|[9223372036854775808]|between -9223372036854775808",
                "INT32|[1]|[1.5]|must be an integer",
                "INT32|[1]|[1.0]|must be an integer",
                "INT32|[1]|[true]|must be an integer",
                "BOOL|[1]|[2]|between 0 and 1",
                "BOOL|[1]|[\"true\"]|must be a boolean",
                "FP32|[1]|[1e39]|must be a finite FP32 number",
                "FP32|[1]|[340282350000000000000000000000000000000000]|must be a finite FP32",
                "FP64|[1]|[1e999]|must be a finite number",
                "FP32|[1]|[null]|must be a number",
                "FP32|[1]|[\"NaN\"]|must be a number",
                "FP16|[1]|[65520]|must be a finite FP16 number",
                "FP16|[1]|[-1e9]|must be a finite FP16 number",
                "FP16|[1]|[\"NaN\"]|must be a number",
                "BF16|[1]|[3.4e38]|must be a finite BF16 number",
                "BF16|[1]|[1e300]|must be a finite BF16 number",
                "BF16|[1]|[\"Infinity\"]|must be a number",
                "BYTES|[1]|[1]|must be a string",
                "FP32|[2]|[1]|asks for 2 elements, but its data holds 1",
                "FP32|[1]|[1,2]|holds more than the 1 of its shape",
                "FP32|[2,2]|[[1,2],[3]]|ragged",
                "FP32|[2,2]|[[1,2],3,4]|mixes",
                "FP32|[2]|[1,[2]]|mixes",
                "FP32|[2]|[{\"a\":1},2]|mixes",
                "FP32|[2,3]|[[1,2],[3,4],[5,6]]|nested as [3, 2]",
                "FP32|[-1]|[1]|none negative",
                "FP32|[1.5]|[1]|none negative",
                "FP32|[99999999999999999999]|[1]|none negative",
                "FP32|[4611686018427387904,4]|[1]|beyond all memory",
                "FP32|1|[1]|shape must be an array",
                "FP32|[1]|1|data must be an array",
                "NOPE|[1]|[1]|unknown datatype 'NOPE'",
            })
    void refusesWhatDoesNotFitAndNamesTheInput(String row) {
        String[] parts = row.split("\\|");

        assertThatThrownBy(() -> read(input(parts[0], parts[1], parts[2])))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("input 'x'")
                .hasMessageContaining(parts[3]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "1",
                "{\"inputs\":1}",
                "{\"inputs\":[1]}",
                "{\"inputs\":[{}]}",
                "{\"id\":5,\"inputs\":[]}",
                "{\"inputs\":[],\"inputs\":[]}",
                "{\"inputs\":[]} {}",
                "{\"inputs\":[],\"parameters\":1}",
                "{\"inputs\":[],\"outputs\":[{}]}",
                "{\"inputs\":[],\"outputs\":[{\"name\":\"a\"},{\"name\":\"a\"}]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1]}]}",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"data\":[1]}]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"data\":[1]}]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1],"
                        + "\"data\":[2]}]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],"
                        + "\"parameters\":{\"binary_data_size\":4}}]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1}]}",
                "{'inputs':[]}",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[+1]}]}",
            })
    void refusesWhatIsNoRequest(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(EngineException.class);
    }

    @Test
    void refusesBottomlessNestingQuickly() {
        String deep = "[".repeat(200_000);

        long before = System.nanoTime();
        assertThatThrownBy(() -> read("{\"x\":" + deep)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> read(input("FP32", "[1]", deep)))
                .isInstanceOf(EngineException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void refusesNumbersWithEndlessDigits() {
        assertThatThrownBy(() -> read(input("INT64", "[1]", "[" + "9".repeat(100_000) + "]")))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void refusesMoreTensorsThanAnyModelHas() {
        String many = String.join(",", Collections.nCopies(300, "{}"));

        assertThatThrownBy(() -> read("{\"outputs\":[" + many + "]}"))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void refusesATensorThatWouldFillTheMemory() {
        String data = "[" + "1,".repeat(MAX_BYTES / 8) + "1]";

        assertThatThrownBy(() -> read(input("FP64", "[" + (MAX_BYTES / 8 + 1) + "]", data)))
                .hasMessageContaining("larger than " + MAX_BYTES);
    }

    /** Whatever comes, it is read or refused in words, and every buffer is given back. */
    @Test
    void survivesTenThousandMutationsOfAGoodRequest() {
        long seed = System.getProperty("fuzz.seed") == null ? 4711 : Long.getLong("fuzz.seed");
        Random dice = new Random(seed);
        String good =
                """
                {"id":"1","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2.5e-3],[-3,4]]},
                 {"name":"y","shape":[2],"datatype":"BYTES","data":["a\\u0000b","ö"]}],"outputs":[{"name":"z"}]}
                """;
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        List<InferRequest> kept = new ArrayList<>();

        for (int round = 0; round < 10_000; round++) {
            byte[] body = mutate(good.getBytes(StandardCharsets.UTF_8), dice);
            try {
                kept.add(InferRequestReader.read(new ByteArrayInputStream(body), MAX_BYTES));
            } catch (EngineException e) {
                assertThat(e.code()).as("seed %d round %d", seed, round).isEqualTo("invalid_input");
                assertThat(e.message()).doesNotContain("tools.jackson").hasSizeLessThan(600);
            }
        }

        kept.forEach(request -> request.buffers().release());
        long after = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        assertThat(after - before).isLessThan(64L << 20);
        assertThat(kept).isNotEmpty();
    }

    private static byte[] mutate(byte[] good, Random dice) {
        byte[] body = good.clone();
        String alphabet = "{}[]\",:0123456789.eE+-truefalsn\\u \u0000";
        for (int i = dice.nextInt(4); i >= 0; i--) {
            int at = dice.nextInt(body.length);
            switch (dice.nextInt(4)) {
                case 0 -> body[at] = (byte) alphabet.charAt(dice.nextInt(alphabet.length()));
                case 1 -> body[at] = (byte) dice.nextInt(256);
                case 2 -> body = java.util.Arrays.copyOf(body, Math.max(1, at));
                default -> {
                    int from = dice.nextInt(body.length);
                    int length = Math.min(body.length - Math.max(at, from), dice.nextInt(20));
                    System.arraycopy(body.clone(), from, body, at, Math.max(0, length));
                }
            }
        }
        return body;
    }

    private static InferRequest read(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return InferRequestReader.read(new ByteArrayInputStream(bytes), MAX_BYTES);
    }

    private static String input(String datatype, String shape, String data) {
        return """
        {"inputs":[{"name":"x","datatype":"%s","shape":%s,"data":%s}]}
        """
                .formatted(datatype, shape, data);
    }

    private static float[] floats(InferRequest request) {
        var data = request.inputs().getFirst().data().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[data.remaining() / 4];
        data.asFloatBuffer().get(values);
        return values;
    }

    private static void release(InferRequest... requests) {
        for (InferRequest request : requests) {
            request.buffers().release();
        }
    }
}
