package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.GatewayCalls.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What retries with an idempotency key get from the whole platform. */
class IdempotencyIT {
    private static final String KEY = Platform.newAcmeKey();

    @Test
    void aCallIsComputedAndChargedOnceHoweverOftenItIsSent() throws Exception {
        GatewayCalls calls = Platform.calls(KEY);
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.get("/v1/models").isOk());
        String once = UUID.randomUUID().toString();
        Map<String, Object> question =
                Map.of("model", "atrium/minilm", "input", "a retry costs nothing");
        Callable<Answer> call = () -> calls.keyed("/v1/embeddings", question, once);

        List<Answer> race;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            race =
                    callers.invokeAll(IntStream.range(0, 16).mapToObj(i -> call).toList()).stream()
                            .map(Future::resultNow)
                            .toList();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> call.call().isReplay());
        Answer replay = call.call();
        Answer mismatch =
                calls.keyed("/v1/embeddings", Map.of("model", "atrium/minilm", "input", "x"), once);

        List<Answer> first = race.stream().filter(each -> each.isOk() && !each.isReplay()).toList();
        assertThat(race).extracting(Answer::status).isSubsetOf(200, 409);
        assertThat(first).hasSize(1);
        assertThat(replay.body()).isEqualTo(first.getFirst().body());
        assertThat(replay.firstCallId()).isEqualTo(first.getFirst().callId());
        assertThat(mismatch.status()).isEqualTo(422);
        await().atMost(Duration.ofSeconds(30)).until(() -> !records().isEmpty());
        assertThat(records())
                .extracting(usage -> usage.callId().toString())
                .containsExactly(first.getFirst().callId());
    }

    private static List<UsageRecord> records() {
        String keyId = ApiKeyFormat.parse(KEY).orElseThrow().keyId();
        return Platform.acme().all("/usage/records", UsageRecord.class).stream()
                .filter(usage -> usage.principalId().equals(keyId))
                .toList();
    }
}
