package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The official OpenAI SDK for Java with its default settings against the whole platform. */
class OpenAiJavaIT {
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
        return OpenAIOkHttpClient.builder().baseUrl(Platform.gateway() + "/v1").apiKey(key).build();
    }
}
