package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.standalone.StandalonePlatform;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.GatewayCalls.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What people ask models is on no disk, however their calls end. */
class PromptsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CHAT = "atrium/tiny-chat";
    private static final String MINILM = "atrium/minilm";

    private final String secret = "secret" + UUID.randomUUID().toString().replace("-", "");
    private final Traces traces = new Traces(StandalonePlatform.shared());

    @Test
    void areFoundInNoTableNoJournalAndNoLog() throws Exception {
        GatewayCalls calls = Platform.calls(Platform.newAcmeKey());
        List<String> ids = new ArrayList<>(answered(calls));
        ids.addAll(refused(calls));

        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    for (String id : ids) {
                        assertThat(traces.tablesWith(id))
                                .as("tables that know call %s", id)
                                .isNotEmpty();
                    }
                });

        assertThat(traces.tablesWith(secret)).isEmpty();
        assertThat(traces.filesWith(secret)).isEmpty();
        // What is kept of a call is found, and the files are the ones that it is kept in.
        assertThat(traces.filesWith("postgres.superuser.password")).isNotEmpty();
        assertThat(traces.files())
                .anyMatch(file -> file.toString().contains("gateway/journal"))
                .anyMatch(file -> file.toString().endsWith("logs/gateway.log"))
                .anyMatch(file -> file.toString().contains("pg_wal"));
    }

    /**
     * @return their ids, which the ledger will have
     */
    private List<String> answered(GatewayCalls calls) {
        Answer chat = calls.chat(CHAT, "What is " + secret + "?");
        GatewayCalls.Stream stream = calls.shortChatStream(CHAT, secret, Integer.MAX_VALUE, 8);
        GatewayCalls.Stream hungUp = calls.shortChatStream(CHAT, secret, 2, 24);
        Answer embeddings = calls.embeddings(MINILM, List.of("of " + secret));
        Answer keyed =
                calls.keyed(
                        "/v1/embeddings",
                        Map.of("model", MINILM, "input", secret),
                        UUID.randomUUID().toString());
        Answer predicted =
                calls.send(
                        "/v1/predict/" + MINILM,
                        "text/plain",
                        secret.getBytes(StandardCharsets.UTF_8));

        assertThat(List.of(chat, embeddings, keyed))
                .allSatisfy(answer -> assertThat(answer.status()).as(answer.body()).isEqualTo(200));
        assertThat(stream.ended()).isTrue();
        assertThat(predicted.callId()).isNotEmpty();
        return List.of(
                chat.callId(),
                stream.callId(),
                hungUp.callId(),
                embeddings.callId(),
                keyed.callId());
    }

    /**
     * @return ids of those that the call log will have
     */
    private List<String> refused(GatewayCalls calls) {
        Answer unknown = calls.chat("acme/nothing", secret);
        Answer senseless =
                calls.post(
                        "/v1/chat/completions",
                        Map.of(
                                "model",
                                CHAT,
                                "messages",
                                List.of(Map.of("role", secret, "content", secret)),
                                "temperature",
                                secret));
        Answer broken =
                calls.send(
                        "/v1/chat/completions",
                        "application/json",
                        ("{\"model\": \"" + CHAT + "\", \"messages\": " + secret)
                                .getBytes(StandardCharsets.UTF_8));
        Answer tensor =
                calls.infer(
                        "acme/fashion",
                        JsonMapper.shared()
                                .readTree(
                                        "[{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1],"
                                                + " \"data\": [\""
                                                + secret
                                                + "\"]}]"));
        GatewayCalls limited = Platform.calls(keyOfOneCallAMinute());
        await().atMost(PATIENCE)
                .until(() -> limited.embeddings(MINILM, List.of(secret)).status() == 429);
        Answer tooMany = limited.embeddings(MINILM, List.of(secret));

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(List.of(senseless.status(), broken.status(), tensor.status())).containsOnly(400);
        assertThat(tooMany.status()).isEqualTo(429);
        return List.of(unknown.callId(), senseless.callId(), broken.callId(), tooMany.callId());
    }

    private static String keyOfOneCallAMinute() {
        return Platform.acme()
                .post(
                        "/api-keys",
                        new CreateApiKey("one a minute", null, null, null, 1, null),
                        CreatedApiKey.class)
                .secret();
    }
}
