package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.demo.Samples;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people get wrong, from the outside: each gets the documented error and leaves nothing
 * behind.
 */
class BadInputIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = Platform.newAcmeKey();
    private static final GatewayCalls CALLS = Platform.calls(KEY);
    private static final String INFER = "/v2/models/acme/fashion/infer";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void bodyThatIsNoJson() throws Exception {
        HttpResponse<String> openai = post("/v1/embeddings", "{\"model\": ", KEY);
        HttpResponse<String> oip = post(INFER, "not json", KEY);

        assertThat(openai.statusCode()).isEqualTo(400);
        assertThat(openAiError(openai).path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(oip.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(oip.body()).path("error").isString()).isTrue();
        assertThat(openai.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void wrongDatatypeAndWrongShapeNameTheTensor() throws Exception {
        HttpResponse<String> datatype =
                post(INFER, tensor("image", "INT64", "[1,1,28,28]", 784), KEY);
        HttpResponse<String> shape = post(INFER, tensor("image", "FP32", "[1,1,28,27]", 756), KEY);
        HttpResponse<String> count = post(INFER, tensor("image", "FP32", "[1,1,28,28]", 3), KEY);
        HttpResponse<String> name = post(INFER, tensor("picture", "FP32", "[1,1,28,28]", 784), KEY);

        for (HttpResponse<String> answer : List.of(datatype, shape, count, name)) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(JSON.readTree(answer.body()).path("error").asString()).contains("image");
            assertThat(answer.body()).doesNotContain("dev.atrium", "Exception", "/tmp");
        }
    }

    @Test
    void unknownModel() throws Exception {
        GatewayCalls.Answer openai = CALLS.embeddings("acme/nothing", List.of("x"));
        GatewayCalls.Answer oip = CALLS.get("/v2/models/acme/nothing");

        assertThat(openai.status()).isEqualTo(404);
        assertThat(openai.json().path("error").path("code").asString())
                .isEqualTo("model_not_found");
        assertThat(oip.status()).isEqualTo(404);
        assertThat(oip.json().path("error").isString()).isTrue();
    }

    @Test
    void missingWrongAndForeignCredentials() throws Exception {
        String forged = forgedToken();
        for (String credential :
                Arrays.asList(null, "nonsense", "atr_aaaaaaaaaaaaaaaa_b", forged)) {
            HttpResponse<String> call = post("/v1/embeddings", "{}", credential);
            HttpResponse<String> management = management(credential);

            assertThat(call.statusCode()).as("%s", credential).isEqualTo(401);
            assertThat(openAiError(call).path("code").asString()).isEqualTo("invalid_api_key");
            assertThat(call.headers().firstValue("www-authenticate").orElse(""))
                    .startsWith("Bearer");
            assertThat(management.statusCode()).as("%s", credential).isEqualTo(401);
            assertThat(management.headers().firstValue("content-type").orElse(""))
                    .startsWith("application/problem+json");
        }
    }

    @Test
    void unusableModelFilesAreRefusedAndKeepNoBytes() {
        byte[] iris = Samples.file("iris.onnx");
        byte[] pickle = "\u0080\u0002cposix\nsystem\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] page = "<!DOCTYPE html><html></html>".getBytes(StandardCharsets.UTF_8);

        assertRejected("model.onnx", Arrays.copyOf(iris, iris.length / 2));
        assertRejected("model.pt", pickle);
        assertRejected("model.onnx", page);
        assertRejected("model.gguf", new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0});
        assertRejected("model.onnx", new byte[0]);
    }

    @Test
    void wrongChecksumIsNotKept() throws Exception {
        ManagementApi acme = Platform.acme();
        String name = "checksum-" + UUID.randomUUID().toString().substring(0, 8);
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        Platform.registry()
                                                + "/api/v1/models/acme/"
                                                + name
                                                + "/upload?file=model.onnx"))
                        .header("Authorization", "Bearer " + acme.credential())
                        .header(
                                "Repr-Digest",
                                "sha-256=:"
                                        + Base64.getEncoder().encodeToString(new byte[32])
                                        + ":")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.file("iris.onnx")))
                        .build();

        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("code").asString())
                .isEqualTo("checksum_mismatch");
    }

    private void assertRejected(String file, byte[] content) {
        ManagementApi acme = Platform.acme();
        ModelName model =
                new ModelName("acme", "bad-" + UUID.randomUUID().toString().substring(0, 8));
        try {
            ModelVersion version = acme.upload(model, file, content);
            throw new AssertionError("accepted " + file + ": " + version);
        } catch (ApiFailure refusal) {
            assertThat(refusal.status()).as(refusal.getMessage()).isEqualTo(422);
            assertThat(refusal.code())
                    .isIn(
                            java.util.Optional.of("artifact_rejected"),
                            java.util.Optional.of("unsupported_format"));
        }
        List<ModelVersion> versions =
                acme.all("/models/" + model + "/versions", ModelVersion.class);
        assertThat(versions).allSatisfy(version -> assertThat(version.files()).isEmpty());
    }

    private static String tensor(String name, String datatype, String shape, int count) {
        return """
        {"inputs": [{"name": "%s", "datatype": "%s", "shape": %s, "data": [%s]}]}\
        """
                .formatted(name, datatype, shape, "0,".repeat(count - 1) + "0");
    }

    /** Well formed, right issuer and audience, signed with nothing. */
    private static String forgedToken() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"none\",\"typ\":\"at+jwt\"}";
        String claims =
                "{\"iss\":\"%s\",\"aud\":\"atrium\",\"sub\":\"x\",\"exp\":4102444800,\"scope\":\"inference:invoke\"}"
                        .formatted(Platform.publicUrl());
        return encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".";
    }

    private HttpResponse<String> post(String path, String body, String credential)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(Platform.gateway() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> management(String credential) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(Platform.registry() + "/api/v1/models"));
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode openAiError(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).path("error");
    }
}
