package dev.atrium.gateway.openai;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official OpenAI client for Java with its default settings is content with this gateway. */
class OpenAiSdkIT {
    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture words;
    private ModelFixture chat;
    private OpenAIClient client;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        words = PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING);
        chat = PLATFORM.model(acme, "chat", Task.TEXT_GENERATION);
        PLATFORM.replica(words.version(1), NODE_A);
        PLATFORM.replica(chat.version(1), NODE_A);
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
        client = clientWith(key.text());
    }

    @AfterEach
    void close() {
        NODE_A.script(Script.answer());
        client.close();
    }

    @Test
    void listsAndDescribesModels() {
        List<String> ids =
                client.models().list().data().stream()
                        .map(Model::id)
                        .filter(id -> id.startsWith(acme.slug()))
                        .toList();

        assertThat(ids).containsExactly(chat.name(), words.name());
        Model model = client.models().retrieve(words.name());
        assertThat(model.id()).isEqualTo(words.name());
        assertThat(model.ownedBy()).isEqualTo(acme.slug());
    }

    @Test
    void embedsTexts() {
        CreateEmbeddingResponse answer =
                client.embeddings()
                        .create(
                                EmbeddingCreateParams.builder()
                                        .model("words")
                                        .inputOfArrayOfStrings(List.of("one", "zwei"))
                                        .build());

        assertThat(answer.data()).hasSize(2);
        assertThat(answer.data().get(1).embedding()).isEqualTo(FakeInferenceNode.embedding("zwei"));
        assertThat(answer.usage().promptTokens()).isEqualTo(6);
        assertThat(answer.model()).isEqualTo(words.name());
    }

    @Test
    void chats() {
        ChatCompletion answer = client.chat().completions().create(hello().build());

        assertThat(answer.choices().getFirst().message().content()).contains("t1 t2 t3 t4 t5 ");
        assertThat(answer.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(12);
        answer.validate();
    }

    @Test
    void streamsAChatWithItsUsage() {
        List<ChatCompletionChunk> chunks;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat()
                        .completions()
                        .createStreaming(
                                hello().streamOptions(
                                                ChatCompletionStreamOptions.builder()
                                                        .includeUsage(true)
                                                        .build())
                                        .build())) {
            chunks = stream.stream().toList();
        }

        String text =
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .map(choice -> choice.delta().content().orElse(""))
                        .collect(Collectors.joining());
        assertThat(text).isEqualTo("t1 t2 t3 t4 t5 ");
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(5);
        chunks.forEach(ChatCompletionChunk::validate);
    }

    @Test
    void stopsAStreamHalfWay() {
        NODE_A.script(Script.answer().tokens(500, Duration.ofMillis(5)));

        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat()
                        .completions()
                        .createStreaming(hello().maxCompletionTokens(500).build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            for (int i = 0; i < 4; i++) {
                chunks.next();
            }
        }

        await().until(() -> booked().size() == 1);
        assertThat(booked().getFirst().outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(booked().getFirst().outputTokens()).isBetween(3L, 490L);
    }

    @Test
    void mapsErrorsToItsExceptions() {
        KeyFixture reader = PLATFORM.key(acme, 100, List.of("models:read"), List.of());
        KeyFixture limited = PLATFORM.key(acme, 0, List.of("inference:invoke"), List.of());
        await().until(() -> GATEWAY.get("/v1/models", limited.text()).statusCode() == 200);

        assertThatThrownBy(() -> embed(client, "absent"))
                .isInstanceOf(NotFoundException.class)
                .satisfies(error ->
                        assertThat(((OpenAIServiceException) error).code())
                                .contains("model_not_found"));
        assertThatThrownBy(() -> embed(client, "chat")).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> embed(clientWith(key.text() + "x"), "words"))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> embed(clientWith(reader.text()), "words"))
                .isInstanceOf(PermissionDeniedException.class);
        // Without retries: this client sleeps as long as Retry-After says.
        assertThatThrownBy(() ->
                        embed(
                                clientWith(limited.text())
                                        .withOptions(options -> options.maxRetries(0)),
                                "words"))
                .isInstanceOf(RateLimitException.class);
        NODE_A.script(Script.refuse(NodeError.MODEL_FAILED, "the model failed"));
        assertThatThrownBy(() -> embed(client, "words"))
                .isInstanceOf(InternalServerException.class);
    }

    @Test
    void throwsWhenAStreamFailsInTheMiddle() {
        NODE_A.script(Script.of(Script.Kind.FAIL_MIDWAY));

        assertThatThrownBy(
                        () -> {
                            try (StreamResponse<ChatCompletionChunk> stream =
                                    client.chat().completions().createStreaming(hello().build())) {
                                stream.stream().forEach(chunk -> {});
                            }
                        })
                .isInstanceOf(SseException.class);
    }

    private static OpenAIClient clientWith(String credential) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(GATEWAY.url() + "/v1")
                .apiKey(credential)
                .build();
    }

    private static CreateEmbeddingResponse embed(OpenAIClient client, String model) {
        return client.embeddings()
                .create(EmbeddingCreateParams.builder().model(model).input("a").build());
    }

    private static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder()
                .model("chat")
                .addUserMessage("hello")
                .maxCompletionTokens(5)
                .temperature(0.0);
    }

    private List<UsageRecord> booked() {
        return REGISTRY.ledger().values().stream()
                .filter(usage -> usage.tenantId().equals(acme.id()))
                .toList();
    }
}
