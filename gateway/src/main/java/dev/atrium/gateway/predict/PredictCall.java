package dev.atrium.gateway.predict;

import dev.atrium.gateway.call.CallProgress;
import dev.atrium.gateway.call.ProtocolCall;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.node.api.MediaBounds;
import dev.atrium.node.api.NaturalTypes;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code POST /v1/predict/{model}}. Input and answer pass through untouched. */
public final class PredictCall implements ProtocolCall {
    /** Of a request with a natural input. */
    public static final int LONGEST_BODY = 16 * 1024 * 1024;

    private static final int LONGEST_ANSWER = 32 * 1024 * 1024;
    private static final int LONGEST_TYPE = 200;
    private static final int MOST_LABELS = 1_000;

    /** Tokens that a tokenizer puts around a text. */
    private static final int SPECIAL_TOKENS = 4;

    private final Exchange exchange;
    private final ModelReference reference;

    public PredictCall(Exchange exchange, ModelReference reference) {
        this.exchange = exchange;
        this.reference = reference;
    }

    @Override
    public Operation operation() {
        return Operation.PREDICT;
    }

    @Override
    public Operation operation(FeedModel model) {
        return Operation.ofPrediction(model.task());
    }

    @Override
    public Mono<ModelReference> model() {
        return Mono.just(reference);
    }

    @Override
    public Mono<byte[]> body() {
        return exchange.body(LONGEST_BODY);
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public Mono<NodeRequest> nodeRequest(FeedModel model, FeedVersion version) {
        Tasks.requirePrediction(model);
        String type = contentType(model.task());
        Integer top = top();
        String path = top == null ? NodeProtocol.PREDICT : NodeProtocol.PREDICT + "?top=" + top;
        return body().map(body -> {
            if (body.length == 0) {
                throw Refusal.invalid(
                                "the body is empty; send " + NaturalTypes.words(model.task()), null)
                        .asException();
            }
            return new NodeRequest(path, body, null, bounds(model.task(), version, body), type);
        });
    }

    private String contentType(Task task) {
        String type = exchange.header("content-type");
        boolean isForm = NaturalTypes.bare(type).equals(NaturalTypes.FORM);
        return isForm && isPlain(String.valueOf(type))
                ? String.valueOf(type)
                : requireType(task, type);
    }

    /**
     * What to tell the node of an input; refuses what the task does not take.
     *
     * @param type null where its sender did not say
     * @return empty where its sender did not say
     */
    public static String requireType(Task task, @Nullable String type) {
        if (type == null) {
            return "";
        }
        if (!NaturalTypes.accepts(task, type) || !isPlain(type)) {
            throw Refusal.of(
                            Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                            "this model takes "
                                    + NaturalTypes.words(task)
                                    + ", alone or as the one file of multipart/form-data, not "
                                    + Exchange.printable(type))
                    .asException();
        }
        return type;
    }

    private static boolean isPlain(String type) {
        return type.length() <= LONGEST_TYPE
                && type.chars().allMatch(each -> each >= ' ' && each <= '~');
    }

    private @Nullable Integer top() {
        List<String> wanted = exchange.parameters().getOrDefault("top_k", List.of());
        if (wanted.isEmpty()) {
            return null;
        }
        String text = wanted.getFirst();
        int top = wanted.size() == 1 && text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        if (top < 1 || top > MOST_LABELS) {
            throw Refusal.invalid("'top_k' must be 1 to " + MOST_LABELS, "top_k").asException();
        }
        return top;
    }

    /**
     * What a call may take at worst.
     *
     * @param body the input as it goes to the node
     */
    public static TokenBounds bounds(Task task, FeedVersion version, byte[] body) {
        if (task != Task.TEXT_CLASSIFICATION) {
            Media most = MediaBounds.of(task, version.settings());
            long audio =
                    Math.min(most.audioMillis(), WavLength.millis(body).orElse(Long.MAX_VALUE));
            return TokenBounds.ofMedia(new Media(most.images(), audio));
        }
        long bytes = (long) body.length + SPECIAL_TOKENS;
        Integer longest = version.settings().maxInputTokens();
        return TokenBounds.ofInput(longest == null ? bytes : Math.min(bytes, longest));
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        NodeUsage usage = answer.usage();
        return answer.bytes(LONGEST_ANSWER)
                .flatMap(bytes -> {
                    progress.used(usage);
                    progress.answeringWhole(200);
                    return exchange.answerJson(200, bytes);
                });
    }
}
