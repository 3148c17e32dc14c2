package dev.atrium.node.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers of 16 bits as JSON, both ways; expected bits are of Python's struct and fractions. */
class HalfPrecisionTests {
    private static final int ALL = 1 << Short.SIZE;

    @ParameterizedTest
    @CsvSource({
        "FP16, 0.1, 2E66",
        "FP16, 5.9604645E-8, 0001",
        "FP16, -5.9604645E-8, 8001",
        "FP16, 2.9802322387695312e-8, 0000",
        "FP16, 2.980232238769532e-8, 0001",
        "FP16, 1e-12, 0000",
        "FP16, 6.103515625e-5, 0400",
        "FP16, 6.097555160522461e-05, 03FF",
        "FP16, 1.0009765625, 3C01",
        "FP16, 1.00048828125, 3C00",
        "FP16, 1.0004882812500002, 3C01",
        "FP16, 1.00146484375, 3C02",
        "FP16, 65504, 7BFF",
        "FP16, 65519.99, 7BFF",
        "FP16, -65504, FBFF",
        "FP16, -0.0, 8000",
        "BF16, 1, 3F80",
        "BF16, 0.1, 3DCD",
        "BF16, 3.14159265, 4049",
        "BF16, 9.183549615799121e-41, 0001",
        "BF16, -9.183549615799121e-41, 8001",
        "BF16, 4.591774807899561e-41, 0000",
        "BF16, 4.5917748078995613e-41, 0001",
        "BF16, 1.1754943508222875e-38, 0080",
        "BF16, 1.00390625, 3F80",
        "BF16, 1.0039062500000002, 3F81",
        "BF16, 1.01171875, 3F82",
        "BF16, 16777217, 4B80",
        "BF16, 3.3895313892515355e38, 7F7F",
        "BF16, -0.0, 8000"
    })
    void roundsOnceToTheNearestAndTiesToEven(Datatype datatype, String number, String bits) {
        assertThat(read(datatype, number, 1)[0]).isEqualTo((short) Integer.parseInt(bits, 16));
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16"})
    void everyNumberComesBackAsItWentOut(Datatype datatype) {
        short[] finite = new short[ALL];
        int count = 0;
        for (int bits = 0; bits < ALL; bits++) {
            if (Float.isFinite(value(datatype, (short) bits))) {
                finite[count++] = (short) bits;
            }
        }
        short[] expected = java.util.Arrays.copyOf(finite, count);

        String json =
                write(datatype, expected)
                        .valueStream()
                        .map(JsonNode::toString)
                        .collect(Collectors.joining(","));

        assertThat(read(datatype, json, count)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16"})
    void whatIsNoNumberIsWrittenAsTextWhicheverBitsItHas(Datatype datatype) {
        short[] all = new short[ALL];
        IntStream.range(0, ALL).forEach(bits -> all[bits] = (short) bits);

        JsonNode written = write(datatype, all);

        for (int bits = 0; bits < ALL; bits++) {
            float value = value(datatype, (short) bits);
            JsonNode each = written.get(bits);
            if (Float.isFinite(value)) {
                assertThat(each.isNumber()).isTrue();
            } else {
                assertThat(each.stringValue()).isEqualTo(Float.toString(value));
            }
        }
    }

    @Test
    void thereAreInfinitiesAndNansAmongThem() {
        assertThat(write(Datatype.FP16, (short) 0x7C00, (short) 0xFC00, (short) 0x7E01).toString())
                .isEqualTo("[\"Infinity\",\"-Infinity\",\"NaN\"]");
        assertThat(write(Datatype.BF16, (short) 0x7F80, (short) 0xFF80, (short) 0x7FC1).toString())
                .isEqualTo("[\"Infinity\",\"-Infinity\",\"NaN\"]");
    }

    private static float value(Datatype datatype, short bits) {
        return datatype == Datatype.FP16
                ? Float.float16ToFloat(bits)
                : Float.intBitsToFloat(bits << Short.SIZE);
    }

    private static short[] read(Datatype datatype, String numbers, int count) {
        String body =
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[%d],\"data\":[%s]}]}"
                        .formatted(datatype, count, numbers);
        InferRequest request =
                InferRequestReader.read(
                        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), 1 << 20);
        short[] bits = new short[count];
        request.inputs().getFirst().data().asShortBuffer().get(bits);
        request.buffers().release();
        return bits;
    }

    private static JsonNode write(Datatype datatype, short... bits) {
        ByteBuffer data =
                ByteBuffer.allocate(bits.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asShortBuffer().put(bits);
        Tensor tensor = new Tensor("y", datatype, new long[] {bits.length}, data);
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        InferResponseWriter.write("acme/m", 1, null, List.of(tensor), target);
        return JsonMapper.builder()
                .build()
                .readTree(target.toString(StandardCharsets.UTF_8))
                .at("/outputs/0/data");
    }
}
