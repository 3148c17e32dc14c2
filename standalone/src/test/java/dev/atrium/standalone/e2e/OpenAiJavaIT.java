package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.admin.organization.usage.UsageEmbeddingsParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.standalone.client.ManagementApi;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The official OpenAI SDK for Java with its default settings against the whole platform. */
class OpenAiJavaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OpenAIClient CLIENT = client(Platform.newAcmeKey());

    @Test
    void listsVisibleModels() {
        List<String> ids = CLIENT.models().list().autoPager().stream().map(Model::id).toList();

        assertThat(ids).contains("atrium/minilm", "atrium/tiny-chat", "acme/fashion");
    }

    @Test
    void embeds() {
        CreateEmbeddingResponse answer =
                CLIENT.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model("atrium/minilm")
                                        .inputOfArrayOfStrings(
                                                List.of("one sentence", "another one"))
                                        .build());

        assertThat(answer.data()).hasSize(2);
        assertThat(answer.data().getFirst().embedding()).hasSize(384);
        assertThat(answer.usage().promptTokens()).isPositive();
    }

    @Test
    void chatsAndStreamsTheSameText() {
        ChatCompletionCreateParams question =
                ChatCompletionCreateParams.builder()
                        .model("atrium/tiny-chat")
                        .addUserMessage("What is Atrium?")
                        .temperature(0.0)
                        .build();

        ChatCompletion whole = CLIENT.chat().completions().create(question);
        StringBuilder streamed = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> chunks =
                CLIENT.chat().completions().createStreaming(question)) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(streamed::append);
        }

        assertThat(whole.choices().getFirst().message().content().orElseThrow())
                .contains("Atrium")
                .isEqualTo(streamed.toString());
        assertThat(whole.usage().orElseThrow().completionTokens()).isPositive();
    }

    @Test
    void readsWhatAKeyUsedForWhichCostCentre() {
        ManagementApi acme = Platform.acme();
        CreatedApiKey created =
                acme.post(
                        "/api-keys",
                        new CreateApiKey(
                                "cost centres",
                                List.of("inference:invoke", "models:read", "usage:read"),
                                null,
                                null,
                                null,
                                "research"),
                        CreatedApiKey.class);
        String keyId = created.apiKey().id();
        OpenAIClient client = client(created.secret());
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> !client.models().list().data().isEmpty());
        Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS);
        EmbeddingCreateParams.Builder text =
                EmbeddingCreateParams.builder().model("atrium/minilm").input("a sentence");

        client.embeddings().create(text.build());
        client.embeddings().create(text.putAdditionalHeader("Atrium-Label", "sales/eu").build());

        UsageEmbeddingsParams question =
                UsageEmbeddingsParams.builder()
                        .startTime(begin.getEpochSecond())
                        .bucketWidth(UsageEmbeddingsParams.BucketWidth._1H)
                        .addApiKeyId(keyId)
                        .addGroupBy(UsageEmbeddingsParams.GroupBy.MODEL)
                        .build();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        client
                                                .admin()
                                                .organization()
                                                .usage()
                                                .embeddings(question)
                                                .validate()
                                                .data()
                                                .stream()
                                                .flatMap(bucket -> bucket.results().stream())
                                                .map(result ->
                                                        result.asOrganizationUsageEmbeddings())
                                                .filter(result ->
                                                        result.model()
                                                                .filter("atrium/minilm"::equals)
                                                                .isPresent())
                                                .mapToLong(result -> result.numModelRequests())
                                                .sum())
                                .isEqualTo(2));
        assertThat(acme.all("/usage?groupBy=label&principal=" + keyId, UsageSum.class))
                .extracting(UsageSum::label, UsageSum::calls)
                .containsExactly(tuple("research", 1L), tuple("sales/eu", 1L));
    }

    @Test
    void errorsAreTheSdksOwn() {
        assertThatThrownBy(() -> client("atr_wrong").models().list())
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() ->
                        CLIENT.embeddings()
                                .create(
                                        EmbeddingCreateParams.builder()
                                                .model("acme/none")
                                                .input("x")
                                                .build()))
                .isInstanceOf(NotFoundException.class);
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(Platform.gateway() + "/v1")
                .apiKey(key)
                .adminApiKey(key)
                .build();
    }
}
