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
import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/embeddings}. */
final class EmbeddingsCall implements ProtocolCall {
    static final int LONGEST_BODY = 4 * 1024 * 1024;
    private static final int MOST_INPUTS = 2_048;

    /** Tokens that a tokenizer puts around each text. */
    private static final int SPECIAL_TOKENS = 4;

    private static final int WIDEST = 65_536;
    private static final int LONGEST_ANSWER = 64 * 1024 * 1024;

    /** Larger answers are written off the event loop, which others wait for. */
    private static final int MOST_VALUES_ON_EVENT_LOOP = 16_384;

    private final Exchange exchange;
    private @Nullable Members members;
    private List<String> inputs = List.of();
    private @Nullable Integer dimensions;
    private boolean base64;
    private String model = "";

    EmbeddingsCall(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Operation operation() {
        return Operation.EMBEDDINGS;
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
        return false;
    }

    @Override
    public Mono<NodeRequest> nodeRequest(FeedModel target, FeedVersion version) {
        requireTask(target);
        Members request = Objects.requireNonNull(members);
        model = target.name().toString();
        inputs = inputs(request.require("input"));
        base64 = isBase64(request.text("encoding_format"));
        dimensions = request.integer("dimensions", 1, WIDEST);
        requireDimensions(Dimensions.of(version));
        return Mono.just(
                new NodeRequest(
                        NodeProtocol.EMBED,
                        Json.write(new EmbedRequest(inputs)),
                        null,
                        TokenBounds.ofInput(bound(inputs, version))));
    }

    private static long bound(List<String> inputs, FeedVersion version) {
        Integer longest = version.settings().maxInputTokens();
        long sum = 0;
        for (String input : inputs) {
            long bytes = Utf8.encodedLength(input) + (long) SPECIAL_TOKENS;
            sum += longest == null ? bytes : Math.min(bytes, longest);
        }
        return sum;
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        NodeUsage usage = answer.usage();
        EmbeddingMatrix.Shape shape =
                EmbeddingMatrix.Shape.parse(answer.header(NodeProtocol.SHAPE_HEADER));
        if (shape.rows() != inputs.size() || shape.bytes() > LONGEST_ANSWER) {
            throw new NodeFailure.Invalid("a matrix of an unexpected shape");
        }
        return answer.bytes((int) shape.bytes())
                .flatMap(bytes -> {
                    progress.used(usage);
                    requireDimensions(OptionalInt.of(shape.columns()));
                    return write(new EmbeddingMatrix(shape, bytes), usage);
                })
                .flatMap(document -> {
                    progress.answeringWhole(200);
                    return exchange.answerJson(200, document);
                });
    }

    private Mono<byte[]> write(EmbeddingMatrix matrix, NodeUsage usage) {
        Mono<byte[]> document =
                Mono.fromCallable(() -> matrix.document(model, base64, usage.inputTokens()));
        return matrix.values() <= MOST_VALUES_ON_EVENT_LOOP
                ? document
                : document.subscribeOn(Schedulers.parallel());
    }

    private static void requireTask(FeedModel target) {
        if (target.task() != Task.TEXT_EMBEDDING) {
            throw Members.invalid(
                    "model",
                    "names a model that makes no embeddings; see POST /v2/models/"
                            + target.name()
                            + "/infer or GET /v1/models");
        }
    }

    private void requireDimensions(OptionalInt known) {
        Integer wanted = dimensions;
        if (wanted != null && known.isPresent() && known.getAsInt() != wanted) {
            throw Members.invalid(
                    "dimensions",
                    "must be " + known.getAsInt() + ", the length of this model's embeddings");
        }
    }

    private static boolean isBase64(@Nullable String format) {
        return switch (format) {
            case "base64" -> true;
            case "float" -> false;
            case null -> false;
            default -> throw Members.invalid("encoding_format", "must be float or base64");
        };
    }

    private static List<String> inputs(JsonNode input) {
        if (input.isString()) {
            return List.of(text(input));
        }
        if (!input.isArray() || input.isEmpty() || input.size() > MOST_INPUTS) {
            throw Members.invalid(
                    "input", "must be a text or an array of 1 to " + MOST_INPUTS + " texts");
        }
        List<String> texts = new ArrayList<>(input.size());
        input.forEach(each -> texts.add(text(each)));
        return texts;
    }

    private static String text(JsonNode input) {
        if (input.isNumber() || input.isArray()) {
            throw Members.unsupported(
                    "input", "holds token numbers, which belong to one tokenizer; send texts");
        }
        if (!input.isString() || input.stringValue().isEmpty()) {
            throw Members.invalid("input", "must hold texts that are not empty");
        }
        return input.stringValue();
    }
}
