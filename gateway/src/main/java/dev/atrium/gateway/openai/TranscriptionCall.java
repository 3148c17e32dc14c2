package dev.atrium.gateway.openai;

import dev.atrium.gateway.call.CallProgress;
import dev.atrium.gateway.call.ProtocolCall;
import dev.atrium.gateway.predict.PredictCall;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.RefusedException;
import dev.atrium.node.api.FormParts;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /v1/audio/transcriptions}: a prediction of speech recognition in OpenAI's words. Only
 * the form around the recording is read here, never the recording.
 */
final class TranscriptionCall implements ProtocolCall {
    private static final int LONGEST_ANSWER = 8 * 1024 * 1024;

    private static final int MILLI_DIGITS = 3;

    /** The end of a longer recording is looked for where nobody else waits. */
    private static final int LONGEST_ON_EVENT_LOOP = 64 * 1024;

    private final Exchange exchange;
    private @Nullable TranscriptionForm form;

    TranscriptionCall(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Operation operation() {
        return Operation.TRANSCRIPTION;
    }

    @Override
    public Mono<ModelReference> model() {
        return body().flatMap(this::read)
                .map(read -> {
                    form = read;
                    return ModelReference.withoutVersion(read.model());
                });
    }

    private Mono<TranscriptionForm> read(byte[] body) {
        Mono<TranscriptionForm> read =
                Mono.fromCallable(
                        () -> TranscriptionForm.of(exchange.header("content-type"), body));
        return body.length <= LONGEST_ON_EVENT_LOOP
                ? read
                : read.subscribeOn(Schedulers.parallel());
    }

    @Override
    public Mono<byte[]> body() {
        return exchange.body(PredictCall.LONGEST_BODY);
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public Mono<NodeRequest> nodeRequest(FeedModel model, FeedVersion version) {
        if (model.task() != Task.AUTOMATIC_SPEECH_RECOGNITION) {
            throw Members.invalid(
                    "model", "names a model that transcribes nothing: its task is " + model.task());
        }
        TranscriptionForm asked = Objects.requireNonNull(form);
        asked.requireSupported();
        asked.wantsPlainText();
        FormParts.Part file = asked.file();
        byte[] recording = new byte[file.content().remaining()];
        file.content().slice().get(recording);
        String type = PredictCall.requireType(model.task(), file.contentType());
        return Mono.just(
                new NodeRequest(
                        NodeProtocol.PREDICT,
                        recording,
                        null,
                        PredictCall.bounds(model.task(), version, recording),
                        type));
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        NodeUsage usage = answer.usage();
        boolean isPlain = Objects.requireNonNull(form).wantsPlainText();
        return answer.bytes(LONGEST_ANSWER)
                .flatMap(Json::readObject)
                .onErrorMap(RefusedException.class, e -> unexpected())
                .flatMap(node -> {
                    String text = text(node);
                    progress.used(usage);
                    progress.answeringWhole(200);
                    return isPlain
                            ? exchange.answer(
                                    200,
                                    "text/plain; charset=utf-8",
                                    text.getBytes(StandardCharsets.UTF_8))
                            : exchange.answerJson(200, Json.write(document(text, usage)));
                });
    }

    private static Map<String, Object> document(String text, NodeUsage usage) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("text", text);
        Media media = usage.media();
        if (media != null) {
            BigDecimal seconds = BigDecimal.valueOf(media.audioMillis(), MILLI_DIGITS);
            document.put("usage", Map.of("type", "duration", "seconds", seconds));
        }
        return document;
    }

    private static String text(JsonNode answer) {
        JsonNode text = answer.path("text");
        if (!text.isString()) {
            throw unexpected();
        }
        return text.stringValue();
    }

    private static NodeFailure unexpected() {
        return new NodeFailure.Invalid("no text where speech was recognised");
    }
}
