package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node says that came from a cache, from its answer to caller and ledger. */
class CachedInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KeyFixture key;

    @BeforeEach
    void deploy() {
        key = PLATFORM.key(PLATFORM.customer(NODE_A));
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingBlocked() {
        NODE_A.script(Script.answer());
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callersAndTheLedgerHaveWhatTheNodeSays(boolean stream) {
        NODE_A.script(Script.answer().using(using(5L)));

        HttpResponse<String> answer = chat(stream);

        assertThat(answer.body())
                .containsOnlyOnce(
                        "\"prompt_tokens_details\":{\"cached_tokens\":5,\"audio_tokens\":0}");
        assertThat(booked(answer).cachedInputTokens()).isEqualTo(5);
    }

    @Test
    void noneIsSaidAndUnknownIsNot() {
        NODE_A.script(Script.answer().using(using(0L)));
        HttpResponse<String> none = chat(false);
        NODE_A.script(Script.answer().using(using(null)));
        HttpResponse<String> unknown = chat(false);

        assertThat(none.body()).contains("\"cached_tokens\":0");
        assertThat(booked(none).cachedInputTokens()).isZero();
        assertThat(unknown.body()).doesNotContain("cached_tokens");
        assertThat(booked(unknown).cachedInputTokens()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 8})
    void moreThanThereWasIsNoAnswer(long cached) {
        NODE_A.script(Script.answer().using(using(cached)));

        HttpResponse<String> answer = chat(false);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("upstream_invalid");
        assertThat(booked(answer).outcome()).isEqualTo(Outcome.NODE_FAILED);
        assertThat(booked(answer).cachedInputTokens()).isNull();
    }

    private static NodeUsage using(@Nullable Long cached) {
        return new NodeUsage(7, 3, 1_000).withCached(cached);
    }

    private HttpResponse<String> chat(boolean stream) {
        return GATEWAY.post(
                "/v1/chat/completions",
                key.text(),
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + (stream
                                ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
                                : "}"));
    }

    private static UsageRecord booked(HttpResponse<String> answer) {
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().atMost(PATIENCE).until(() -> REGISTRY.ledger().containsKey(call));
        return REGISTRY.ledger().get(call);
    }
}
