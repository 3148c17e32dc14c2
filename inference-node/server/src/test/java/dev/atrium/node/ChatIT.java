package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.ChatRequest.Message;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Conversations with a GGUF model. */
class ChatIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final String STORY = "Tell me a story";
    private static PlacementOrder chat;

    private record Answer(String text, List<ChatDelta> deltas) {
        ChatDelta last() {
            return deltas.getLast();
        }
    }

    @BeforeAll
    static void deploy() {
        chat =
                NODE.registry()
                        .place(
                                Framework.GGUF,
                                Task.TEXT_GENERATION,
                                VersionSettings.DEFAULT,
                                List.of(
                                        NODE.registry()
                                                .store(
                                                        "model.gguf",
                                                        TestModels.demo("tiny-chat.gguf"))));
        NODE.awaitReady(chat);
    }

    @Test
    void answersAndSaysWhyItEndedAndWhatItUsed() {
        Answer answer = ask(request("What colour is a lemon?", null));

        assertThat(answer.text()).isEqualTo("A lemon is yellow.");
        assertThat(answer.last().finishReason()).isEqualTo("stop");
        assertThat(answer.last().usage().inputTokens()).isBetween(8L, 40L);
        assertThat(answer.last().usage().outputTokens()).isBetween(3L, 20L);
        assertThat(answer.last().usage().computeMicros()).isPositive();
        assertThat(answer.deltas()).allMatch(delta -> delta.error() == null);
    }

    @Test
    void endsAtTheLimitAndSaysSo() {
        Answer answer = ask(request(STORY, 9));

        assertThat(answer.last().finishReason()).isEqualTo("length");
        assertThat(answer.last().usage().outputTokens()).isEqualTo(9);
    }

    @Test
    void boundsTheAnswerByWhatTheGrantPaysFor() {
        Grant grant = granted(5);

        Answer answer = read(send(grant, request(STORY, 100)).body());

        assertThat(answer.last().finishReason()).isEqualTo("length");
        assertThat(answer.last().usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void endsBeforeAStopTextWithoutShowingIt() {
        ChatRequest request =
                new ChatRequest(
                        List.of(new Message("user", "Count to 7")),
                        null,
                        0f,
                        null,
                        1,
                        List.of(", 5"));

        Answer answer = ask(request);

        assertThat(answer.text()).isEqualTo("1, 2, 3, 4");
        assertThat(answer.last().finishReason()).isEqualTo("stop");
    }

    @Test
    void answersSeveralConversationsAtOnce() {
        List<CompletableFuture<Answer>> answers =
                IntStream.range(0, 6)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(
                                        () -> ask(request("Count to " + (3 + i), null))))
                        .toList();

        assertThat(answers.get(0).join().text()).isEqualTo("1, 2, 3.");
        assertThat(answers.get(4).join().text()).isEqualTo("1, 2, 3, 4, 5, 6, 7.");
    }

    @Test
    void refusesAPromptThatDoesNotFitTheContext() {
        var response = send(granted(null), request("word ".repeat(2000), null));

        assertThat(response.statusCode()).isEqualTo(400);
        String body = response.body().reduce("", String::concat);
        assertThat(body).contains("context_length_exceeded").contains("512 tokens");
    }

    @Test
    void refusesArgumentsThatLlamaWouldNotSurvive() {
        ChatRequest hot =
                new ChatRequest(
                        List.of(new Message("user", "Hello!")), null, 7f, null, null, List.of());

        var response = send(granted(null), hot);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body().reduce("", String::concat)).contains("temperature");
    }

    @Test
    void survivesControlCharactersAndBrokenSurrogates() {
        Answer answer = ask(request("Hi \u0000\u0007\uD800 \"quoted\\\" </s> \n\t", 5));

        assertThat(answer.last().finishReason()).isNotNull();
    }

    @Test
    void stopsGeneratingWhenTheCallerGoesAwayAndBillsWhatWasMade() {
        ChatRequest endless =
                new ChatRequest(List.of(new Message("user", STORY)), null, 0f, null, 1, List.of());
        Grant grant = granted(null);
        Stream<String> lines = send(grant, endless).body();

        lines.filter(line -> line.startsWith("data:")).limit(3).forEach(line -> {});
        lines.close();

        NodeUsageRecord shipped =
                await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                        .orElseThrow();
        assertThat(shipped.inputTokens()).isPositive();
        assertThat(shipped.outputTokens()).isBetween(1L, 160L);
        assertThat(ask(request("Count to 7", null)).text()).isEqualTo("1, 2, 3, 4, 5, 6, 7.");
    }

    @Test
    void saysAtTheEndOfACutStreamWhatItsJournalSays() {
        Grant grant = granted(null);
        ChatRequest endless =
                new ChatRequest(List.of(new Message("user", STORY)), null, 0f, null, 1, List.of());
        Stream<String> lines = send(grant, endless).body();
        lines.filter(line -> line.startsWith("data:")).limit(3).forEach(line -> {});

        AttemptEnd end = end(grant);

        NodeUsageRecord shipped =
                await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                        .orElseThrow();
        assertThat(end.computed()).isTrue();
        assertThat(end.usage())
                .isEqualTo(
                        new NodeUsage(
                                shipped.inputTokens(),
                                shipped.outputTokens(),
                                shipped.computeMicros(),
                                shipped.energy(),
                                shipped.cachedInputTokens(),
                                shipped.media()));
        assertThat(shipped.cachedInputTokens()).isZero();
        assertThat(shipped.energy()).isNotNull();
        assertThat(end.usage().outputTokens()).isBetween(1L, 160L);
        assertThat(end(grant)).isEqualTo(end);
    }

    @Test
    void saysOfAnAnsweredCallWhatTheAnswerSaid() {
        Grant grant = granted(null);
        Answer answer = read(send(grant, request("Count to 7", null)).body());

        AttemptEnd end = end(grant);

        assertThat(end).isEqualTo(new AttemptEnd(true, answer.last().usage()));
        assertThat(end.usage().energy()).isNotNull();
    }

    @Test
    void neverBeginsAnAttemptThatWasEndedBefore() {
        Grant grant = granted(null);

        AttemptEnd end = end(grant);

        assertThat(end).isEqualTo(AttemptEnd.NOT_COMPUTED);
        assertThat(send(grant, request("Count to 7", null)).statusCode()).isEqualTo(401);
    }

    @Test
    void saysOfARefusedCallThatNothingWasComputed() {
        Grant grant = granted(null);
        HttpResponse<String> refused = NODE.send(NodeProtocol.CHAT, grant, "no json");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(end(grant)).isEqualTo(AttemptEnd.NOT_COMPUTED);
    }

    @Test
    void endsNothingWithoutAValidGrant() {
        Grant grant = granted(null);

        HttpResponse<String> answer =
                NODE.send(
                        NodeProtocol.END,
                        grant,
                        NODE.registry().sign(grant) + "x",
                        "",
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_grant");
    }

    private static AttemptEnd end(Grant grant) {
        HttpResponse<String> answer = NODE.send(NodeProtocol.END, grant, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), AttemptEnd.class);
    }

    private static ChatRequest request(String question, @Nullable Integer maxTokens) {
        return new ChatRequest(
                List.of(new Message("user", question)), maxTokens, 0f, null, 1, List.of());
    }

    private static Grant granted(@Nullable Integer maxOutputTokens) {
        return Grants.withMaxOutputTokens(
                NODE.registry().grant(chat, Operation.CHAT), maxOutputTokens);
    }

    private static Answer ask(ChatRequest request) {
        return read(send(granted(null), request).body());
    }

    private static HttpResponse<Stream<String>> send(Grant grant, ChatRequest request) {
        return NODE.send(
                NodeProtocol.CHAT,
                grant,
                NODE.registry().sign(grant),
                JSON.writeValueAsString(request),
                HttpResponse.BodyHandlers.ofLines());
    }

    private static Answer read(Stream<String> lines) {
        List<ChatDelta> deltas = new ArrayList<>();
        lines.filter(line -> line.startsWith("data: "))
                .map(line -> JSON.readValue(line.substring(6), ChatDelta.class))
                .forEach(deltas::add);
        StringBuilder text = new StringBuilder();
        deltas.forEach(delta -> text.append(delta.text()));
        return new Answer(text.toString(), deltas);
    }
}
