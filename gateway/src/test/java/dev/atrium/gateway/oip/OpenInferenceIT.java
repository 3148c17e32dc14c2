package dev.atrium.gateway.oip;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenInferenceIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture model;

    /** Version 1 is in production, 2 is READY as well, 3 is not. */
    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        model =
                PLATFORM.model(
                        acme,
                        "m",
                        Task.TENSORS,
                        Visibility.PRIVATE,
                        List.of(),
                        Map.of("production", 1),
                        3);
        PLATFORM.replica(model.version(1), NODE_A);
        PLATFORM.replica(model.version(2), NODE_A);
        key = PLATFORM.key(acme);
        await().until(() -> get("/v2/models/m/versions/2/ready").statusCode() == 200);
    }

    @AfterEach
    void behave() {
        NODE_A.script(Script.answer());
    }

    @Test
    void tellsItsHealthToEverybody() {
        assertThat(GATEWAY.get("/v2/health/live", null).body()).isEqualTo("{\"live\":true}");
        JsonNode ready = JSON.readTree(GATEWAY.get("/v2/health/ready", null).body());
        assertThat(ready.get("ready").booleanValue()).isTrue();
        assertThat(ready.get("live").booleanValue()).isTrue();
        for (String path : List.of("/v2", "/v2/")) {
            JsonNode server = JSON.readTree(GATEWAY.get(path, null).body());
            assertThat(server.get("name").stringValue()).isEqualTo("atrium");
            assertThat(server.has("version")).isTrue();
            assertThat(server.get("extensions").toString()).isEqualTo("[\"binary_tensor_data\"]");
        }
    }

    @Test
    void infersByEveryFormOfTheModelsPath() {
        String full = acme.slug() + "/m";
        for (String path :
                List.of(
                        "m/infer",
                        full + "/infer",
                        full.replace("/", "%2F") + "/infer",
                        "m/versions/1/infer",
                        full + "/versions/1/infer",
                        full.replace("/", "%2f") + "/versions/1/infer")) {
            HttpResponse<String> answer = post("/v2/models/" + path, body("7"));

            JsonNode json = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(json.get("model_name").stringValue()).isEqualTo(full);
            assertThat(json.get("model_version").stringValue()).isEqualTo("1");
            assertThat(json.get("id").stringValue()).isEqualTo("7");
            assertThat(json.at("/outputs/0/data/0").doubleValue()).isEqualTo(1.5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 1_000_000})
    void binaryTensorsPassThroughUntouched(int size) throws Exception {
        byte[] tail = new byte[size];
        new Random(size).nextBytes(tail);
        byte[] json = body("7").getBytes(UTF_8);

        HttpResponse<byte[]> answer = binary(json, tail, Integer.toString(json.length), null);

        int length =
                Integer.parseInt(
                        answer.headers().firstValue(NodeProtocol.JSON_LENGTH_HEADER).orElseThrow());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/octet-stream");
        assertThat(JSON.readTree(Arrays.copyOf(answer.body(), length)).get("id").stringValue())
                .isEqualTo("7");
        assertThat(Arrays.copyOfRange(answer.body(), length, answer.body().length)).isEqualTo(tail);
    }

    @Test
    void aLengthOfTheJsonThatIsNoneIsRefused() throws Exception {
        for (String length : List.of("0", "-1", "x", "999999999", "1.0")) {
            HttpResponse<byte[]> answer =
                    binary(body("7").getBytes(UTF_8), new byte[1], length, null);

            assertThat(answer.statusCode()).as(length).isEqualTo(400);
            assertThat(new String(answer.body(), UTF_8))
                    .contains("Inference-Header-Content-Length must be the length");
        }
    }

    @Test
    void whatMayHaveToBeSaidAgainIsAskedForAsJson() throws Exception {
        byte[] json = body("7").getBytes(UTF_8);

        HttpResponse<byte[]> answer =
                binary(json, new byte[0], Integer.toString(json.length), UUID.randomUUID());

        assertThat(JSON.readTree(answer.body()).get("binary").booleanValue()).isFalse();
    }

    private HttpResponse<byte[]> binary(
            byte[] json, byte[] tail, String length, @Nullable UUID idempotencyKey)
            throws Exception {
        byte[] whole = Arrays.copyOf(json, json.length + tail.length);
        System.arraycopy(tail, 0, whole, json.length, tail.length);
        HttpRequest.Builder request =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v2/models/m/infer"), key.text())
                        .header("Content-Type", "application/octet-stream")
                        .header(NodeProtocol.JSON_LENGTH_HEADER, length)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(whole));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey.toString());
        }
        return GATEWAY.client().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void takesTheVersionAskedForElseProductionElseTheHighestReadyOne() {
        ModelFixture unaliased =
                PLATFORM.model(acme, "n", Task.TENSORS, Visibility.PRIVATE, List.of(), Map.of(), 3);
        PLATFORM.replica(unaliased.version(1), NODE_A);
        PLATFORM.replica(unaliased.version(2), NODE_A);
        await().until(() -> get("/v2/models/n/versions/2/ready").statusCode() == 200);

        assertThat(version(post("/v2/models/m/infer", body("1")))).isEqualTo("1");
        assertThat(version(post("/v2/models/m/versions/2/infer", body("1")))).isEqualTo("2");
        assertThat(version(post("/v2/models/n/infer", body("1")))).isEqualTo("2");
        assertThat(post("/v2/models/m/versions/3/infer", body("1")).statusCode()).isEqualTo(503);
        assertThat(post("/v2/models/m/versions/4/infer", body("1")).statusCode()).isEqualTo(404);
        assertThat(post("/v2/models/m/versions/x/infer", body("1")).statusCode()).isEqualTo(404);
    }

    @Test
    void describesModels() {
        JsonNode whole = JSON.readTree(get("/v2/models/m").body());
        JsonNode one = JSON.readTree(get("/v2/models/m/versions/2").body());
        JsonNode list = JSON.readTree(get("/v2/models").body());

        assertThat(whole.get("name").stringValue()).isEqualTo(model.name());
        assertThat(texts(whole.get("versions"))).containsExactly("1", "2");
        assertThat(whole.get("platform").stringValue()).isEqualTo("onnx_onnxv1");
        assertThat(whole.at("/inputs/0/name").stringValue()).isEqualTo("x");
        assertThat(whole.at("/inputs/0/datatype").stringValue()).isEqualTo("FP32");
        assertThat(whole.at("/inputs/0/shape/0").intValue()).isEqualTo(-1);
        assertThat(texts(one.get("versions"))).containsExactly("2");
        assertThat(texts(list.get("models"))).contains(model.name());
    }

    @Test
    void tellsWhetherAModelIsReady() {
        HttpResponse<String> ready = get("/v2/models/m/ready");
        HttpResponse<String> notReady = get("/v2/models/m/versions/3/ready");

        assertThat(JSON.readTree(ready.body()).get("ready").booleanValue()).isTrue();
        assertThat(JSON.readTree(ready.body()).get("name").stringValue()).isEqualTo(model.name());
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(notReady.headers().firstValue("retry-after")).isPresent();
        assertThat(error(notReady)).contains("no replica");
    }

    @Test
    void saysEveryErrorInTheProtocolsShape() {
        NODE_A.script(
                Script.refuse(NodeError.INVALID_INPUT, "input 'x' has 3 values, shape says 4"));
        HttpRequest withoutLength =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v2/models/m/infer"), key.text())
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();

        assertError(post("/v2/models/m/infer", body("1")), 400, "3 values");
        assertError(post("/v2/models/m/infer", ""), 400, "empty");
        assertError(post("/v2/models/absent/infer", body("1")), 404, "absent");
        assertError(get("/v2/models/m/infer"), 405, "POST");
        assertError(get("/v2/nothing"), 404, "/v2/nothing");
        assertError(GATEWAY.send(withoutLength), 415, "application/json");
        assertError(GATEWAY.get("/v2/models/m", null), 401, "credential");
        assertError(GATEWAY.get("/v2/models/m", "atr_wrong"), 401, "not valid");
        assertError(
                post("/v2/models/m/infer", "[" + " ".repeat(33 * 1024 * 1024) + "]"),
                413,
                "33554432");
        NODE_A.script(Script.refuse(NodeError.UNSUPPORTED, "this model does not infer tensors"));
        assertError(post("/v2/models/m/infer", body("1")), 501, "does not infer");
    }

    @Test
    void answersAForeignPrivateModelExactlyAsAnAbsentOne() {
        KeyFixture globex = PLATFORM.key(PLATFORM.tenant("g" + acme.slug()));
        await().until(() -> GATEWAY.get("/v2/models", globex.text()).statusCode() == 200);

        for (String path : List.of("", "/ready", "/versions/1", "/versions/1/ready")) {
            HttpResponse<String> foreign =
                    GATEWAY.get("/v2/models/" + model.name() + path, globex.text());
            HttpResponse<String> absent =
                    GATEWAY.get("/v2/models/" + acme.slug() + "/zzz" + path, globex.text());

            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(absent.body().replace("/zzz", "/m"));
        }
        assertThat(GATEWAY.get("/v2/models", globex.text()).body()).doesNotContain(acme.slug());
    }

    @Test
    void passesLargeTensorsThrough() {
        String data = "0.5,".repeat(1_000_000) + "0.5";
        String body = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1000001],\"data\":[" + data + "]}]}";

        HttpResponse<String> answer = post("/v2/models/m/infer", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(data);
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().until(() -> REGISTRY.ledger().containsKey(call));
        UsageRecord usage = REGISTRY.ledger().get(call);
        assertThat(usage.computeMicros()).isEqualTo(2_000);
    }

    @Test
    void admitsExactlySixtyRequestsAMinuteWithALimitOfSixty() {
        KeyFixture limited = PLATFORM.key(acme, 60, List.of("inference:invoke"), List.of());
        await().until(() -> GATEWAY.get("/v2/models/m/ready", limited.text()).statusCode() == 200);

        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < 75; i++) {
            answers.add(GATEWAY.post("/v2/models/m/infer", limited.text(), body("1")));
        }

        assertThat(answers.subList(0, 60)).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers.subList(60, 75)).allMatch(answer -> answer.statusCode() == 429);
        HttpResponse<String> first = answers.getFirst();
        assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).contains("60");
        assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).contains("59");
        assertThat(first.headers().firstValue("x-ratelimit-reset-requests").orElseThrow())
                .matches("1m\\ds");
        HttpResponse<String> rejected = answers.getLast();
        assertThat(rejected.headers().firstValue("x-ratelimit-remaining-requests")).contains("0");
        assertThat(Integer.parseInt(rejected.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 61);
        assertThat(rejected.headers().firstValue("x-should-retry")).contains("true");
        assertThat(error(rejected)).contains("60 requests per minute");
        await().until(() -> bookedWith(limited) == 60);
    }

    private static long bookedWith(KeyFixture key) {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.principalId().equals(key.id()))
                .count();
    }

    private HttpResponse<String> get(String path) {
        return GATEWAY.get(path, key.text());
    }

    private HttpResponse<String> post(String path, String body) {
        return GATEWAY.post(path, key.text(), body);
    }

    private static String body(String id) {
        return "{\"id\":\""
                + id
                + "\",\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\","
                + "\"data\":[1.5]}]}";
    }

    private static String version(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).get("model_version").stringValue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.stringValue()));
        return texts;
    }

    private static String error(HttpResponse<String> answer) {
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.propertyNames()).containsExactly("error");
        return body.get("error").stringValue();
    }

    private static void assertError(HttpResponse<String> answer, int status, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(error(answer)).contains(words);
    }
}
