package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node says that a call took from the grid, from its answer to caller and ledger. */
class EnergyIT {
    private static final Energy TAKEN = new Energy(1_234_500, 137_000L, EnergyMethod.MODELLED);
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String CHAT = "/v1/chat/completions";
    private static final String INFER = "/v2/models/tensors/infer";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KeyFixture key;

    @BeforeEach
    void deploy() {
        TenantFixture acme = PLATFORM.customer(NODE_A);
        PLATFORM.replica(PLATFORM.model(acme, "tensors", Task.TENSORS).version(1), NODE_A);
        key = PLATFORM.key(acme);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingBlocked() {
        NODE_A.script(Script.answer());
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDINGS, CHAT, INFER})
    void aWholeAnswerSaysItInItsHeadersAndTheLedgerHasIt(String path) {
        NODE_A.script(Script.answer().using(taking(TAKEN)));

        HttpResponse<String> answer = call(path, false);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "x-atrium-energy-j")).hasValue("1.2345");
        assertThat(header(answer, "x-atrium-gco2e")).hasValue("0.000137");
        assertThat(header(answer, "x-atrium-energy-method")).hasValue("modelled");
        assertThat(booked(answer).energy()).isEqualTo(TAKEN);
    }

    @Test
    void aStreamSaysItWhereItSaysItsUsage() {
        NODE_A.script(Script.answer().using(taking(TAKEN)));

        HttpResponse<String> answer = call(CHAT, true);

        assertThat(header(answer, "x-atrium-energy-j")).isEmpty();
        assertThat(answer.body())
                .containsOnlyOnce(
                        "\"atrium\":{\"energy_j\":1.2345,\"gco2e\":0.000137,"
                                + "\"energy_method\":\"modelled\"}");
        assertThat(booked(answer).energy()).isEqualTo(TAKEN);
    }

    @Test
    void whereTheGridIsNotKnownThereIsNoWordOfCarbon() {
        NODE_A.script(Script.answer().using(taking(new Energy(5, null, EnergyMethod.MEASURED))));

        HttpResponse<String> answer = call(EMBEDDINGS, false);
        HttpResponse<String> stream = call(CHAT, true);

        assertThat(header(answer, "x-atrium-energy-j")).hasValue("0.000005");
        assertThat(header(answer, "x-atrium-gco2e")).isEmpty();
        assertThat(header(answer, "x-atrium-energy-method")).hasValue("measured");
        assertThat(stream.body())
                .contains("\"atrium\":{\"energy_j\":0.000005,\"energy_method\":\"measured\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDINGS, CHAT, INFER})
    void whereTheNodeSaysNothingThereIsNothingAndNotZero(String path) {
        HttpResponse<String> answer = call(path, false);
        HttpResponse<String> stream = call(CHAT, true);

        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("x-atrium-"));
        assertThat(answer.body() + stream.body()).doesNotContain("energy", "gco2e");
        assertThat(booked(answer).energy()).isNull();
        assertThat(booked(stream).energy()).isNull();
    }

    @Test
    void aCallThatTheNodeRefusedIsBookedWithWhatItTook() {
        NODE_A.script(Script.refuse("model_failed", "it broke").using(taking(TAKEN)));

        HttpResponse<String> answer = call(EMBEDDINGS, false);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(header(answer, "x-atrium-energy-j")).isEmpty();
        assertThat(booked(answer).energy()).isEqualTo(TAKEN);
    }

    static List<Energy> nonsense() {
        return List.of(
                new Energy(0, null, EnergyMethod.MODELLED),
                new Energy(-1, null, EnergyMethod.MODELLED),
                new Energy(Long.MAX_VALUE, null, EnergyMethod.MODELLED),
                new Energy(1, -1L, EnergyMethod.MODELLED),
                new Energy(1, Long.MAX_VALUE, EnergyMethod.MODELLED),
                new Energy(1, 1L, null));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsNoAnswer(Energy said) {
        NODE_A.script(Script.answer().using(taking(said)));

        assertIsNoAnswer(call(EMBEDDINGS, false));
        assertThat(call(CHAT, true).body()).contains("upstream_invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e300", "NaN", "\"much\"", "null"})
    void whatIsNoNumberIsNoAnswer(String joules) {
        NODE_A.script(Script.answer());
        NODE_A.usageHeader(
                "{\"inputTokens\":1,\"outputTokens\":0,\"computeMicros\":1,"
                        + "\"energy\":{\"microjoules\":"
                        + joules
                        + ",\"method\":\"MODELLED\"}}");
        try {
            assertIsNoAnswer(call(EMBEDDINGS, false));
        } finally {
            NODE_A.usageHeader(null);
        }
    }

    private static void assertIsNoAnswer(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("upstream_invalid");
        UsageRecord usage = booked(answer);
        assertThat(usage.outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(usage.energy()).isNull();
    }

    private static NodeUsage taking(Energy energy) {
        return new NodeUsage(3, 0, 1_000).with(energy);
    }

    private static Optional<String> header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private HttpResponse<String> call(String path, boolean stream) {
        String body =
                switch (path) {
                    case EMBEDDINGS -> "{\"model\":\"words\",\"input\":\"a\"}";
                    case CHAT ->
                            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\","
                                    + "\"content\":\"hi\"}]"
                                    + (stream
                                            ? ",\"stream\":true,\"stream_options\":"
                                                    + "{\"include_usage\":true}}"
                                            : "}");
                    default -> "{\"inputs\":[]}";
                };
        return GATEWAY.post(path, key.text(), body);
    }

    private static UsageRecord booked(HttpResponse<String> answer) {
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().atMost(PATIENCE).until(() -> REGISTRY.ledger().containsKey(call));
        return REGISTRY.ledger().get(call);
    }
}
