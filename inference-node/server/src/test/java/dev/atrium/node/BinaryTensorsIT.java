package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tensors as bytes through a model that gives back what it got. */
class BinaryTensorsIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int ALL = 1 << Short.SIZE;
    private static final int FLOATS = 10_000;
    private static final int CALLS = 300;
    private static PlacementOrder half;
    private static PlacementOrder brain;
    private static PlacementOrder single;

    private record Answer(JsonNode json, byte[] tail) {}

    @BeforeAll
    static void deploy() {
        half = identity(TinyOnnx.FLOAT16);
        brain = identity(TinyOnnx.BFLOAT16);
        single = identity(TinyOnnx.FLOAT);
    }

    @AfterAll
    static void remove() {
        NODE.registry().remove(half);
        NODE.registry().remove(brain);
        NODE.registry().remove(single);
    }

    @Test
    void everyPatternOfSixteenBitsComesBackAsItIs() throws Exception {
        byte[] all = patterns();
        for (PlacementOrder order : new PlacementOrder[] {half, brain}) {
            String type = order == half ? "FP16" : "BF16";

            Answer answer = infer(order, json(type, ALL, all.length, true), all);

            assertThat(answer.tail()).as(type).isEqualTo(all);
            assertThat(answer.json().at("/outputs/0/datatype").stringValue()).isEqualTo(type);
            assertThat(answer.json().at("/outputs/0/parameters/binary_data_size").intValue())
                    .isEqualTo(all.length);
            assertThat(answer.json().at("/outputs/0").has("data")).isFalse();
        }
    }

    @Test
    void bytesInMayBeJsonOutAndTheOtherWayRound() throws Exception {
        byte[] some = shorts(0x3C00, 0x0001, 0x8001, 0x7C00, 0xFC00, 0x7E00, 0x7BFF);

        Answer asJson = infer(half, json("FP16", 7, 14, false), some);
        Answer asBytes =
                infer(
                        half,
                        "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\","
                                + "\"datatype\":\"FP16\",\"shape\":[3],\"data\":[1,5.9604645E-8,-65504]}]}",
                        null);

        assertThat(asJson.json().at("/outputs/0/data").toString())
                .isEqualTo(
                        "[1.0,5.9604645E-8,-5.9604645E-8,\"Infinity\",\"-Infinity\",\"NaN\",65504.0]");
        assertThat(asBytes.tail()).isEqualTo(shorts(0x3C00, 0x0001, 0xFBFF));
    }

    @Test
    void bytesThatDoNotFitAreRefusedInWords() throws Exception {
        HttpResponse<byte[]> response = send(half, json("FP16", 7, 14, true), new byte[13], "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("the body ends 1 bytes before its data does");
        assertThat(send(half, json("FP16", 1, 2, true), new byte[2], "&binary=false").statusCode())
                .as("where the answer has to be said again")
                .isEqualTo(400);
    }

    @Test
    void tenThousandFloatsAreFasterAsBytes() throws Exception {
        byte[] floats = new byte[FLOATS * Float.BYTES];
        ByteBuffer numbers = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FLOATS; i++) {
            numbers.putFloat((float) Math.sin(i));
        }
        String binary = json("FP32", FLOATS, floats.length, true);
        String text = json("FP32", FLOATS, floats.length, false);
        time(text, floats);
        time(binary, floats);

        double asText = time(text, floats);
        double asBytes = time(binary, floats);

        System.out.printf(
                "outputs of 10,000 floats, one caller: %.0f calls/s as JSON, %.0f as bytes, %.2f"
                        + " times as many%n",
                CALLS / asText, CALLS / asBytes, asText / asBytes);
        assertThat(asBytes).isLessThan(asText);
    }

    private static double time(String json, byte[] tail) throws Exception {
        long begun = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            assertThat(send(single, json, tail, "").statusCode()).isEqualTo(200);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private static PlacementOrder identity(int type) {
        return NODE.deploy(Framework.ONNX, "model.onnx", TinyOnnx.identity(type));
    }

    private static byte[] patterns() {
        int[] all = new int[ALL];
        Arrays.setAll(all, bits -> bits);
        return shorts(all);
    }

    private static byte[] shorts(int... bits) {
        ByteBuffer data =
                ByteBuffer.allocate(bits.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(bits).forEach(each -> data.putShort((short) each));
        return data.array();
    }

    private static String json(String datatype, int elements, int bytes, boolean isBinary) {
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[%d],"
                        + "\"parameters\":{\"binary_data_size\":%d}}],"
                        + "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":%s}}]}")
                .formatted(datatype, elements, bytes, isBinary);
    }

    private static Answer infer(PlacementOrder order, String json, byte[] tail) throws Exception {
        HttpResponse<byte[]> response = send(order, json, tail, "");
        byte[] body = response.body();
        assertThat(response.statusCode())
                .as(new String(body, StandardCharsets.UTF_8))
                .isEqualTo(200);
        int length =
                (int)
                        response.headers()
                                .firstValueAsLong(NodeProtocol.JSON_LENGTH_HEADER)
                                .orElse(body.length);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .isEqualTo(length == body.length ? "application/json" : "application/octet-stream");
        return new Answer(
                JSON.readTree(Arrays.copyOf(body, length)),
                Arrays.copyOfRange(body, length, body.length));
    }

    /**
     * @param tail null for JSON alone
     */
    private static HttpResponse<byte[]> send(
            PlacementOrder order, String json, byte[] tail, String more)
            throws IOException, InterruptedException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(text, text.length + (tail == null ? 0 : tail.length));
        if (tail != null) {
            System.arraycopy(tail, 0, body, text.length, tail.length);
        }
        String path = NodeProtocol.path(NodeProtocol.INFER, order.versionId().value());
        URI url = NODE.url(tail == null ? path : path + "?header=" + text.length + more);
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .header(
                                NodeProtocol.GRANT_HEADER,
                                NODE.registry().sign(NODE.registry().grant(order, Operation.INFER)))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
