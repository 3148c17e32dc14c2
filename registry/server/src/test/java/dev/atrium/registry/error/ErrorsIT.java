package dev.atrium.registry.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every refusal has the one shape, a code, a request id and no word about our insides. */
class ErrorsIT extends RegistryTest {
    private TestTenant acme;

    @BeforeEach
    void signIn() {
        acme = tenant("errors");
    }

    @Test
    void badBodies() {
        assertProblem(post("{\"name\": "), 400, "invalid_request", "not valid JSON");
        assertProblem(post("{\"name\": \"a\", \"name\": \"b\"}"), 400, "invalid_request", "JSON");
        assertProblem(post("{}"), 400, "invalid_request", "'name' is missing");
        assertProblem(post("[]"), 400, "invalid_request", "wrong type");
        assertProblem(
                post("{\"name\": \"a\", \"expiresAt\": \"tomorrow\"}"),
                400,
                "invalid_request",
                "'expiresAt'");
        assertProblem(post(""), 400, "invalid_request", "missing");
        assertProblem(post("{\"name\": " + "[".repeat(5_000)), 400, "invalid_request", "");
    }

    @Test
    void wrongPathsMethodsAndTypes() {
        String token = acme.ownerToken();

        assertProblem(http().get("/api/v1/nothing", token), 404, "not_found", "");
        assertProblem(http().get("/api/v1/test/things/no-uuid", token), 404, "not_found", "");
        assertProblem(http().delete("/api/v1/me", token), 405, "method_not_allowed", "");
        assertProblem(
                http().send(
                                http().request("/api/v1/api-keys")
                                        .header("Authorization", "Bearer " + token)
                                        .header("Content-Type", "text/plain")
                                        .POST(BodyPublishers.ofString("x"))),
                415,
                "unsupported_media_type",
                "");
        assertProblem(
                http().get("/api/v1/members?limit=0", token), 400, "invalid_request", "1 to 200");
        assertProblem(
                http().get("/api/v1/members?limit=many", token), 400, "invalid_request", "limit");
        assertProblem(
                http().get("/api/v1/members?cursor=forged", token),
                400,
                "invalid_request",
                "cursor");
    }

    @Test
    void bodiesBeyondTheLimitDeclaredOrNot() {
        byte[] large = ("{\"name\":\"" + "x".repeat(1_100_000) + "\"}").getBytes();

        Answer declared =
                http().send(
                                http().request("/api/v1/api-keys")
                                        .header("Authorization", "Bearer " + acme.ownerToken())
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofByteArray(large)));
        Answer chunked =
                http().send(
                                http().request("/api/v1/api-keys")
                                        .header("Authorization", "Bearer " + acme.ownerToken())
                                        .header("Content-Type", "application/json")
                                        .POST(
                                                BodyPublishers.ofInputStream(
                                                        () -> new ByteArrayInputStream(large))));

        assertProblem(declared, 413, "request_too_large", "1048576");
        assertProblem(chunked, 413, "request_too_large", "1048576");
    }

    @Test
    void withoutACredential() {
        Answer answer = http().get("/api/v1/me");

        assertProblem(answer, 401, "unauthenticated", "");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"atrium\"");
    }

    @Test
    void whatNobodyExpectedTellsNothingButItsRequestId() {
        Answer answer = http().get("/api/v1/test/failing", acme.ownerToken());

        assertProblem(answer, 500, "internal_error", "request id");
        assertThat(answer.text()).doesNotContain(FailingController.SECRET, "Exception", "atrium.");
    }

    @Test
    void whatTheDatabaseBrokeOffForAnother() {
        Answer answer = http().get("/api/v1/test/deadlock", acme.ownerToken());

        assertProblem(answer, 409, "conflict", "repeat");
    }

    @Test
    void requestIdIsEchoedWhenItIsOne() {
        Answer given = withRequestId("my-id-1");
        Answer hostile = withRequestId("x y");

        assertThat(given.header("X-Request-Id")).isEqualTo("my-id-1");
        assertThat(given.json().path("requestId").asString()).isEqualTo("my-id-1");
        assertThat(hostile.header("X-Request-Id")).hasSize(36);
    }

    @Test
    void publicPortKnowsNothingOfTheInternalOneAndTheOtherWayRound() {
        assertProblem(http().get("/internal/v1/jwks"), 404, "not_found", "");
        assertProblem(http().get("/actuator/prometheus"), 404, "not_found", "");
        assertProblem(internalHttp().get("/api/v1/me", acme.ownerToken()), 404, "not_found", "");
        assertProblem(internalHttp().get("/login"), 404, "not_found", "");
        assertThat(internalHttp().get("/actuator/env").status()).isEqualTo(404);
    }

    private Answer withRequestId(String id) {
        return http().send(http().request("/api/v1/me").header("X-Request-Id", id).GET());
    }

    private Answer post(String body) {
        return http().post("/api/v1/api-keys", acme.ownerToken(), body);
    }

    private static void assertProblem(Answer answer, int status, String code, String detail) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("detail").asString()).contains(detail);
        assertThat(answer.json().path("requestId").asString())
                .isEqualTo(answer.header("X-Request-Id"))
                .isNotEmpty();
        assertThat(answer.text()).doesNotContain("java.", "dev.atrium", "Exception");
    }
}
