package dev.atrium.gateway.openai;

import dev.atrium.gateway.call.CallProgress;
import dev.atrium.gateway.call.ProtocolCall;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Operation;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code POST /v1/chat/completions}, as one document or as a stream of events. Nodes always stream,
 * and every event of theirs says what was used so far, so a cut answer is billed for what it was.
 */
final class ChatCall implements ProtocolCall {
    static final int LONGEST_BODY = 4 * 1024 * 1024;

    /** What nodes use when a version does not say. */
    private static final int DEFAULT_CONTEXT = 4_096;

    /** Tokens that a chat template adds by itself, such as a system prompt of its own. */
    private static final int TEMPLATE = 128;

    private static final int TEMPLATE_PER_MESSAGE = 16;

    private final Exchange exchange;
    private final Instant startedAt;
    private @Nullable Members members;
    private @Nullable ChatParameters parameters;
    private String model = "";

    ChatCall(Exchange exchange, Instant startedAt) {
        this.exchange = exchange;
        this.startedAt = startedAt;
    }

    @Override
    public Operation operation() {
        return Operation.CHAT;
    }

    @Override
    public Mono<ModelReference> model() {
        return body().flatMap(Json::readObject)
                .map(json -> {
                    members = new Members(json);
                    return ModelReference.withoutVersion(members.requireText("model"));
                });
    }

    @Override
    public Mono<byte[]> body() {
        return exchange.jsonBody(LONGEST_BODY);
    }

    @Override
    public boolean isStream() {
        return members != null && members.isTrue("stream");
    }

    @Override
    public Mono<NodeRequest> nodeRequest(FeedModel target, FeedVersion version) {
        if (target.task() != Task.TEXT_GENERATION) {
            throw Members.invalid(
                    "model",
                    "names a model that does not chat; see POST /v1/embeddings or POST /v2/models/"
                            + target.name()
                            + "/infer");
        }
        model = target.name().toString();
        ChatParameters read = ChatParameters.read(Objects.requireNonNull(members));
        parameters = read;
        return Mono.just(
                new NodeRequest(
                        NodeProtocol.CHAT,
                        Json.write(read.request()),
                        read.request().maxTokens(),
                        bounds(read.request(), version)));
    }

    private static TokenBounds bounds(ChatRequest request, FeedVersion version) {
        Integer set = version.settings().contextLength();
        int context = set == null ? DEFAULT_CONTEXT : set;
        long bytes = TEMPLATE;
        for (ChatRequest.Message message : request.messages()) {
            bytes += TEMPLATE_PER_MESSAGE + Utf8.encodedLength(message.content());
        }
        Integer asked = request.maxTokens();
        return TokenBounds.ofGeneration(bytes, asked == null ? context : asked, context);
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        Flux<ChatDelta> deltas =
                new ChatDeltas()
                        .read(answer.body())
                        .doOnNext(delta -> progress.used(NodeAnswer.checked(delta.usage())));
        CompletionWriter writer = new CompletionWriter(exchange.id(), startedAt, model);
        ChatParameters asked = Objects.requireNonNull(parameters);
        return asked.stream()
                ? stream(deltas, writer, progress, asked.includeUsage())
                : document(deltas, writer, progress);
    }

    private Mono<Void> document(
            Flux<ChatDelta> deltas, CompletionWriter writer, CallProgress progress) {
        return deltas.collect(CompletionText::new, CompletionText::add)
                .flatMap(text -> {
                    byte[] document = writer.document(text);
                    progress.answeringWhole(200);
                    return exchange.answerJson(200, document);
                });
    }

    /**
     * The first delta is waited for before the status goes out, so that a refusal of the node still
     * becomes a proper error, and another replica can still be tried.
     */
    private Mono<Void> stream(
            Flux<ChatDelta> deltas,
            CompletionWriter writer,
            CallProgress progress,
            boolean includeUsage) {
        CompletionEvents events = new CompletionEvents(writer, includeUsage);
        return deltas.switchOnFirst(
                        (first, all) -> {
                            if (first.isOnError() || !first.hasValue()) {
                                return all.thenMany(Flux.<Void>empty());
                            }
                            progress.answering(200);
                            return exchange.streamEvents(
                                            events.of(all)
                                                    .onErrorResume(
                                                            NodeFailure.class,
                                                            failure ->
                                                                    failedMidway(
                                                                            failure, progress)))
                                    .thenMany(Flux.<Void>empty());
                        })
                .then();
    }

    private static Flux<byte[]> failedMidway(NodeFailure failure, CallProgress progress) {
        progress.failedMidway(failure);
        return Flux.just(CompletionEvents.error(failure));
    }
}
