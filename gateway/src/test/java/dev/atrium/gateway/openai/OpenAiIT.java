package dev.atrium.gateway.openai;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenAiIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture words;
    private ModelFixture chat;
    private ModelFixture tensors;

    @BeforeEach
    void deployModels() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        words = PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING);
        chat = PLATFORM.model(acme, "chat", Task.TEXT_GENERATION);
        tensors = PLATFORM.model(acme, "tensors", Task.TENSORS);
        for (ModelFixture model : List.of(words, chat, tensors)) {
            PLATFORM.replica(model.version(1), NODE_A);
        }
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nodesBehaveAgainAndNothingBlocked() {
        NODE_A.script(Script.answer());
        assertThat(RunningGateway.blockingCalls()).isEmpty();
        assertThat(NODE_A.leakedCredentials()).isEmpty();
    }

    @Test
    void listsTheModelsThatTheCallerCanCall() {
        PLATFORM.model(acme, "not-deployed", Task.TENSORS);
        TenantFixture globex = PLATFORM.tenant("g" + acme.slug());
        ModelFixture foreign = PLATFORM.model(globex, "secret", Task.TENSORS);
        ModelFixture open =
                PLATFORM.model(
                        globex, "open", Task.TENSORS, Visibility.PUBLIC, List.of(), Map.of(), 1);
        ModelFixture shared =
                PLATFORM.model(
                        globex,
                        "shared",
                        Task.TENSORS,
                        Visibility.SHARED,
                        List.of(acme.id()),
                        Map.of(),
                        1);
        for (ModelFixture model : List.of(foreign, open, shared)) {
            PLATFORM.replica(model.version(1), NODE_A);
        }
        await().until(() ->
                GATEWAY.get("/v1/models/" + shared.name(), key.text()).statusCode() == 200);

        JsonNode list = JSON.readTree(GATEWAY.get("/v1/models", key.text()).body());

        assertThat(list.get("object").stringValue()).isEqualTo("list");
        List<String> ids = new ArrayList<>();
        list.get("data").forEach(each -> ids.add(each.get("id").stringValue()));
        assertThat(ids)
                .contains(words.name(), chat.name(), tensors.name(), open.name(), shared.name())
                .doesNotContain(foreign.name(), acme.slug() + "/not-deployed");
        JsonNode first = list.get("data").get(0);
        assertThat(first.get("created").longValue()).isEqualTo(1767323045L);
        assertThat(first.get("object").stringValue()).isEqualTo("model");
        assertThat(first.has("owned_by")).isTrue();
    }

    @Test
    void describesOneModelByEveryFormOfItsName() {
        for (String name : List.of("words", acme.slug() + "/words", acme.slug() + "%2Fwords")) {
            JsonNode model = JSON.readTree(GATEWAY.get("/v1/models/" + name, key.text()).body());

            assertThat(model.get("id").stringValue()).isEqualTo(words.name());
            assertThat(model.get("owned_by").stringValue()).isEqualTo(acme.slug());
        }
    }

    @Test
    void answersAForeignPrivateModelExactlyAsAnAbsentOne() {
        TenantFixture globex = PLATFORM.tenant("h" + acme.slug());
        ModelFixture foreign = PLATFORM.model(globex, "secret", Task.TEXT_EMBEDDING);
        PLATFORM.replica(foreign.version(1), NODE_A);
        KeyFixture theirs = PLATFORM.key(globex);
        await().until(() -> GATEWAY.get("/v1/models/secret", theirs.text()).statusCode() == 200);

        HttpResponse<String> hidden = embed(key, foreign.name(), "\"a\"");
        HttpResponse<String> absent = embed(key, globex.slug() + "/absent", "\"a\"");

        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body())
                .isEqualTo(absent.body().replace("/absent", "/secret"))
                .contains("\"code\":\"model_not_found\"");
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(hidden.headers().map().keySet()).isEqualTo(absent.headers().map().keySet());
    }

    @Test
    void answersEmbeddingsAsNumbers() {
        HttpResponse<String> answer = embed(key, "words", "[\"one\",\"two\"]");

        JsonNode body = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body.get("data")).hasSize(2);
        assertThat(body.at("/data/1/index").intValue()).isEqualTo(1);
        assertThat(floats(body.at("/data/1/embedding")))
                .isEqualTo(FakeInferenceNode.embedding("two"));
        assertThat(body.get("model").stringValue()).isEqualTo(words.name());
        assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(6);
        assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(6);
    }

    @Test
    void answersEmbeddingsAsBase64OfLittleEndianFloats() {
        HttpResponse<String> answer =
                GATEWAY.post(
                        "/v1/embeddings",
                        key.text(),
                        "{\"model\":\"words\",\"input\":\"grüße\",\"encoding_format\":\"base64\","
                                + "\"dimensions\":4,\"user\":\"u\",\"whatever\":1}");

        String text = JSON.readTree(answer.body()).at("/data/0/embedding").stringValue();
        ByteBuffer row =
                ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
        List<Float> values = new ArrayList<>();
        while (row.hasRemaining()) {
            values.add(row.getFloat());
        }
        assertThat(values).isEqualTo(FakeInferenceNode.embedding("grüße"));
    }

    @Test
    void answersLargeBatchesOffTheEventLoop() {
        StringBuilder inputs = new StringBuilder("[\"" + "x".repeat(2_000) + "\"");
        for (int i = 1; i < 2_048; i++) {
            inputs.append(",\"text ").append(i).append(" ").append("y".repeat(40)).append('"');
        }

        HttpResponse<String> answer = embed(key, "words", inputs.append("]").toString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).get("data")).hasSize(2_048);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"model":"words"}                                               | input
                    {"model":"words","input":""}                                    | input
                    {"model":"words","input":[]}                                    | input
                    {"model":"words","input":[1,2]}                                 | input
                    {"model":"words","input":[[1,2]]}                               | input
                    {"model":"words","input":["a",{}]}                              | input
                    {"model":"words","input":"a","dimensions":5}                    | dimensions
                    {"model":"words","input":"a","dimensions":"4"}                  | dimensions
                    {"model":"words","input":"a","encoding_format":"int8"}          | encoding_format
                    {"model":"tensors","input":"a"}                                 | model
                    {"input":"a"}                                                   | model
                    {"model":7,"input":"a"}                                         | model
                    """)
    void refusesWrongEmbeddingRequestsByTheMembersName(String body, String param) {
        HttpResponse<String> answer = GATEWAY.post("/v1/embeddings", key.text(), body);

        assertError(answer, 400, "invalid_request_error", code(answer), param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"model":"chat"}                                                                    | messages
                    {"model":"chat","messages":[]}                                                      | messages
                    {"model":"chat","messages":[{"role":"tool","content":"x"}]}                         | messages[0].role
                    {"model":"chat","messages":[{"role":"user"}]}                                       | messages[0].content
                    {"model":"chat","messages":[{"role":"user","content":[{"type":"image_url"}]}]}      | messages[0].content[0]
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"n":2}                   | n
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"temperature":3}         | temperature
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"max_tokens":0}          | max_tokens
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"tools":[{}]}            | tools
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"logprobs":true}         | logprobs
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"presence_penalty":1}    | presence_penalty
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"stop":["1","2","3","4","5"]} | stop
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"stream":"yes"}          | stream
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"stream_options":{}}     | stream_options
                    {"model":"chat","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}} | response_format
                    {"model":"words","messages":[{"role":"user","content":"x"}]}                        | model
                    """)
    void refusesWrongChatRequestsByTheMembersName(String body, String param) {
        HttpResponse<String> answer = GATEWAY.post("/v1/chat/completions", key.text(), body);

        assertError(answer, 400, "invalid_request_error", code(answer), param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    nonsense
                    {"model":"words","input":"a"
                    {"model":"words","model":"chat","input":"a"}
                    [1,2]
                    "text"
                    {"model":NaN}
                    {"model":"words","input":"a"} trailing
                    """)
    void refusesBodiesThatAreNoJsonObject(String body) {
        HttpResponse<String> answer = GATEWAY.post("/v1/embeddings", key.text(), body);

        assertError(answer, 400, "invalid_request_error", "invalid_request", null);
    }

    @Test
    void tellsAnUnsupportedMemberFromAWrongOne() {
        String chatBody =
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],";

        HttpResponse<String> tools =
                GATEWAY.post("/v1/chat/completions", key.text(), chatBody + "\"tools\":[{}]}");
        HttpResponse<String> wrong =
                GATEWAY.post("/v1/chat/completions", key.text(), chatBody + "\"top_p\":9}");

        assertError(tools, 400, "invalid_request_error", "unsupported_parameter", "tools");
        assertError(wrong, 400, "invalid_request_error", "invalid_request", "top_p");
    }

    @Test
    void refusesBodiesThatAreTooDeepOrEmpty() {
        String deep = "{\"model\":\"words\",\"input\":" + "[".repeat(500) + "]".repeat(500) + "}";

        assertThat(GATEWAY.post("/v1/embeddings", key.text(), deep).statusCode()).isEqualTo(400);
        assertThat(GATEWAY.post("/v1/embeddings", key.text(), "").statusCode()).isEqualTo(400);
    }

    @Test
    void answersACompleteChat() {
        HttpResponse<String> answer =
                GATEWAY.post(
                        "/v1/chat/completions",
                        key.text(),
                        """
                        {"model":"chat","messages":[
                           {"role":"developer","content":"be brief"},
                           {"role":"user","content":[{"type":"text","text":"hi"}]}],
                         "max_completion_tokens":5,"temperature":0,"top_p":1,"seed":9007199254740993,
                         "stop":"x","n":1,"tools":[],"metadata":{"a":"b"},"new_member":true}
                        """);

        JsonNode body = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body.get("object").stringValue()).isEqualTo("chat.completion");
        assertThat(body.get("id").stringValue()).startsWith("chatcmpl-");
        assertThat(body.at("/choices/0/message/content").stringValue())
                .isEqualTo("t1 t2 t3 t4 t5 ");
        assertThat(body.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(7);
        assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(5);
        assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(12);
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.OK);
        assertThat(usage.outputTokens()).isEqualTo(5);
        assertThat(NODE_A.executionsOf(usage.callId()).getFirst().grant().maxOutputTokens())
                .isEqualTo(5);
    }

    @Test
    void streamsAChatEventByEvent() {
        HttpResponse<String> answer = stream("");

        List<String> events = events(answer);
        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(events).hasSize(8).endsWith("[DONE]");
        assertThat(JSON.readTree(events.getFirst()).at("/choices/0/delta/role").stringValue())
                .isEqualTo("assistant");
        assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").stringValue())
                .isEqualTo("t1 ");
        assertThat(JSON.readTree(events.get(6)).at("/choices/0/finish_reason").stringValue())
                .isEqualTo("stop");
        for (String event : events.subList(0, 7)) {
            JsonNode chunk = JSON.readTree(event);
            assertThat(chunk.get("object").stringValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.has("usage")).isFalse();
            assertThat(chunk.has("error")).isFalse();
            assertThat(chunk.get("id")).isEqualTo(JSON.readTree(events.getFirst()).get("id"));
            assertThat(chunk.get("created"))
                    .isEqualTo(JSON.readTree(events.getFirst()).get("created"));
        }
        assertThat(booked(answer).outputTokens()).isEqualTo(5);
    }

    @Test
    void endsAStreamWithTheUsageWhenAsked() {
        HttpResponse<String> answer = stream(",\"stream_options\":{\"include_usage\":true}");

        List<String> events = events(answer);
        JsonNode last = JSON.readTree(events.get(events.size() - 2));
        assertThat(last.get("choices")).isEmpty();
        assertThat(last.at("/usage/total_tokens").intValue()).isEqualTo(12);
        assertThat(JSON.readTree(events.getFirst()).get("usage").isNull()).isTrue();
    }

    @Test
    void tellsAFailureInTheMiddleOfAStreamAsAnEvent() {
        NODE_A.script(Script.of(Script.Kind.FAIL_MIDWAY));

        HttpResponse<String> answer = stream("");

        List<String> events = events(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode error = JSON.readTree(events.getLast()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("model_failed");
        assertThat(error.get("type").stringValue()).isEqualTo("server_error");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(usage.outputTokens()).isEqualTo(5);
    }

    @Test
    void tellsANodesRefusalBeforeTheStreamBegins() {
        NODE_A.script(Script.refuse(NodeError.CONTEXT_LENGTH_EXCEEDED, "900 of 512 tokens"));

        HttpResponse<String> answer = stream("");

        assertError(answer, 400, "invalid_request_error", "context_length_exceeded", "messages");
        assertThat(answer.body()).contains("900 of 512 tokens");
        assertThat(booked(answer).outcome()).isEqualTo(Outcome.INVALID_INPUT);
    }

    @Test
    void asksForACredentialAndSaysHow() {
        HttpResponse<String> missing = GATEWAY.get("/v1/models", null);
        HttpResponse<String> wrong = GATEWAY.get("/v1/models", key.text() + "x");

        assertError(missing, 401, "invalid_request_error", "invalid_api_key", null);
        assertThat(missing.headers().firstValue("www-authenticate"))
                .contains("Bearer realm=\"atrium\"");
        assertError(wrong, 401, "invalid_request_error", "invalid_api_key", null);
        assertThat(wrong.headers().firstValue("www-authenticate"))
                .contains("Bearer realm=\"atrium\", error=\"invalid_token\"");
        assertThat(wrong.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void refusesWhatTheKeyMayNotDo() {
        KeyFixture reader = PLATFORM.key(acme, 100, List.of("models:read"), List.of());
        KeyFixture picky =
                PLATFORM.key(acme, 100, List.of("inference:invoke"), List.of(chat.name()));
        await().until(() -> GATEWAY.get("/v1/models", picky.text()).statusCode() == 200);

        HttpResponse<String> noScope = embed(reader, "words", "\"a\"");
        HttpResponse<String> notListed = embed(picky, "words", "\"a\"");
        JsonNode list = JSON.readTree(GATEWAY.get("/v1/models", picky.text()).body());

        assertError(noScope, 403, "permission_error", "insufficient_permissions", null);
        assertThat(noScope.headers().firstValue("www-authenticate").orElseThrow())
                .contains("insufficient_scope")
                .contains("inference:invoke");
        assertError(notListed, 403, "permission_error", "insufficient_permissions", "model");
        assertThat(list.get("data")).hasSize(1);
    }

    @Test
    void refusesOtherMediaTypesSizesMethodsAndPaths() {
        HttpRequest form =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v1/embeddings"), key.text())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("a=b"))
                        .build();
        HttpRequest zipped =
                GATEWAY.request(URI.create(GATEWAY.url() + "/v1/embeddings"), key.text())
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        String large = "{\"model\":\"words\",\"input\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}";

        assertThat(GATEWAY.send(form).statusCode()).isEqualTo(415);
        assertThat(GATEWAY.send(zipped).statusCode()).isEqualTo(415);
        assertError(
                GATEWAY.post("/v1/embeddings", key.text(), large),
                413,
                "invalid_request_error",
                "request_too_large",
                null);
        HttpResponse<String> method = GATEWAY.get("/v1/embeddings", key.text());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("allow")).contains("POST");
        assertThat(GATEWAY.get("/v1/nothing", key.text()).statusCode()).isEqualTo(404);
        assertThat(GATEWAY.get("/", null).statusCode()).isEqualTo(404);
        assertThat(GATEWAY.get("/actuator/health", null).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsWhenNoReplicaIsReady() {
        ModelFixture cold = PLATFORM.model(acme, "cold", Task.TEXT_EMBEDDING);
        await().until(() ->
                GATEWAY.get("/v1/models/" + cold.name(), key.text()).statusCode() == 200);

        HttpResponse<String> answer = embed(key, "cold", "\"a\"");

        assertError(answer, 503, "server_error", "model_not_ready", null);
        assertThat(answer.headers().firstValue("retry-after")).contains("2");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.NO_REPLICA);
        assertThat(usage.attempts()).isZero();
    }

    @Test
    void stopsACallThatTakesTooLong() {
        NODE_A.script(Script.answer().after(Duration.ofSeconds(20)));

        HttpResponse<String> answer = embed(key, "words", "\"a\"");

        assertError(answer, 504, "server_error", "upstream_timeout", null);
        assertThat(booked(answer).outcome()).isEqualTo(Outcome.DEADLINE_EXCEEDED);
        await().until(() -> NODE_A.running() == 0);
    }

    @Test
    void stopsAStreamThatTakesTooLong() {
        NODE_A.script(Script.answer().tokens(1_000, Duration.ofMillis(20)));

        HttpResponse<String> answer = stream("");

        JsonNode error = JSON.readTree(events(answer).getLast()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("upstream_timeout");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.DEADLINE_EXCEEDED);
        assertThat(usage.outputTokens()).isPositive();
        await().until(() -> NODE_A.running() == 0);
        assertThat(NODE_A.executionsOf(usage.callId()).getFirst().isCancelled()).isTrue();
    }

    private HttpResponse<String> embed(KeyFixture with, String model, String input) {
        return GATEWAY.post(
                "/v1/embeddings",
                with.text(),
                "{\"model\":\"" + model + "\",\"input\":" + input + "}");
    }

    private HttpResponse<String> stream(String more) {
        return GATEWAY.post(
                "/v1/chat/completions",
                key.text(),
                "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\","
                        + "\"content\":\"hi\"}]"
                        + more
                        + "}");
    }

    private static List<String> events(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    /** What is wrong and what is only not done here are told apart. */
    private static String code(HttpResponse<String> answer) {
        String code = JSON.readTree(answer.body()).at("/error/code").stringValue();
        assertThat(code).isIn("invalid_request", "unsupported_parameter");
        return code;
    }

    private static List<Float> floats(JsonNode array) {
        List<Float> values = new ArrayList<>();
        array.forEach(value -> values.add(value.floatValue()));
        return values;
    }

    private static UsageRecord booked(HttpResponse<String> answer) {
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().until(() -> REGISTRY.ledger().containsKey(call));
        return REGISTRY.ledger().get(call);
    }

    private static void assertError(
            HttpResponse<String> answer,
            int status,
            String type,
            String code,
            @Nullable String param) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.propertyNames())
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.get("type").stringValue()).isEqualTo(type);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").isNull() ? null : error.get("param").stringValue())
                .isEqualTo(param);
    }
}
