package dev.atrium.node.inference;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.MediaBounds;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.model.WarmUpCalls;
import dev.atrium.node.worker.Call;
import dev.atrium.node.worker.CallTerms;
import dev.atrium.node.worker.Deadline;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.WorkerDeath;
import dev.atrium.node.worker.WorkerDiedException;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.WarmUpFile;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads calls as callers write them, and makes them one after the other. They are read by the
 * readers of calls, so they can do no more than calls can; nobody pays for them.
 */
@Component
class GivenCalls implements WarmUpCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int TOKENS = 2;
    private static final String TEXT = "text/plain";

    /** Of a reading of the file that is larger than it. */
    private static final int MAX_TENSOR_BYTES = 8 * WarmUpFile.MAX_BYTES;

    @Override
    public void make(HostedModel model, PlacementOrder order, Path file) {
        int number = 0;
        CallTerms terms = new CallTerms(order.tenantId().value(), Deadline.in(LONGEST), () -> {});
        for (JsonNode call : calls(file)) {
            number++;
            try {
                begin(model, order, terms, call)
                        .orElseThrow(() -> EngineException.failed("the queue is full", null))
                        .answer()
                        .join();
            } catch (CompletionException e) {
                throw failed(model, number, Calls.cause(e));
            } catch (EngineException e) {
                throw failed(model, number, e);
            }
        }
    }

    private static List<JsonNode> calls(Path file) {
        try {
            if (Files.size(file) > WarmUpFile.MAX_BYTES) {
                throw EngineException.failed(WarmUpFile.NAME + " is too long", null);
            }
            JsonNode calls = JSON.readTree(file);
            if (!calls.isArray() || calls.isEmpty() || calls.size() > WarmUpFile.MAX_CALLS) {
                throw EngineException.failed(WarmUpFile.NAME + " is no list of calls", null);
            }
            return List.copyOf(calls.values());
        } catch (JacksonException e) {
            throw EngineException.failed(WarmUpFile.NAME + " is no valid JSON", null);
        } catch (IOException e) {
            throw EngineException.failed(WarmUpFile.NAME + " cannot be read", e);
        }
    }

    private static RuntimeException failed(HostedModel model, int number, Throwable why) {
        WorkerDeath death = model.death().getNow(null);
        if (death != null) {
            return new WorkerDiedException(death);
        }
        return EngineException.failed(
                "call "
                        + number
                        + " of "
                        + WarmUpFile.NAME
                        + " fails: "
                        + NodeErrors.error(why).error(),
                null);
    }

    private static Optional<Call> begin(
            HostedModel model, PlacementOrder order, CallTerms terms, JsonNode call) {
        return switch (order.task()) {
            case TENSORS -> infer(model, order, terms, call);
            case TEXT_EMBEDDING -> model.embed(terms, texts(call));
            case TEXT_GENERATION -> model.chat(terms, conversation(call), TOKENS + 2, delta -> {});
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    AUTOMATIC_SPEECH_RECOGNITION ->
                    model.predict(
                            terms,
                            MediaBounds.of(order.task(), order.settings()),
                            contentType(call),
                            content(call),
                            null);
        };
    }

    private static Optional<Call> infer(
            HostedModel model, PlacementOrder order, CallTerms terms, JsonNode call) {
        InferRequest infer =
                InferRequestReader.read(
                        new ByteArrayInputStream(JSON.writeValueAsBytes(call)), MAX_TENSOR_BYTES);
        Signature known = model.signature();
        Signature signature = known.inputs().isEmpty() ? order.signature() : known;
        List<Tensor> inputs;
        try {
            inputs = SignatureCheck.inputs(infer.inputs(), signature);
            SignatureCheck.outputs(infer.outputs(), signature);
        } catch (EngineException e) {
            infer.buffers().release();
            throw e;
        }
        return model.infer(terms, inputs, infer.outputs(), infer.buffers()::release);
    }

    private static List<String> texts(JsonNode call) {
        JsonNode input = call.path("input");
        List<String> texts = new ArrayList<>();
        for (JsonNode text : input.isArray() ? input.values() : List.of(input)) {
            texts.add(text(text, "'input' must be a text or texts"));
        }
        if (texts.isEmpty()) {
            throw EngineException.invalidInput("'input' is empty");
        }
        return texts;
    }

    private static ChatRequest conversation(JsonNode call) {
        List<ChatRequest.Message> messages = new ArrayList<>();
        for (JsonNode message : call.path("messages")) {
            messages.add(
                    new ChatRequest.Message(
                            text(message.path("role"), "a message needs a 'role'"),
                            text(message.path("content"), "a message needs a 'content'")));
        }
        if (messages.isEmpty()) {
            throw EngineException.invalidInput("'messages' is missing or empty");
        }
        return new ChatRequest(messages, TOKENS, 0f, null, 1, List.of());
    }

    private static @Nullable String contentType(JsonNode call) {
        JsonNode type = call.path("contentType");
        if (!type.isMissingNode()) {
            return text(type, "'contentType' must be a text");
        }
        return call.has("text") ? TEXT : call.has("json") ? "application/json" : null;
    }

    private static ByteBuffer content(JsonNode call) {
        if (call.has("json")) {
            return ByteBuffer.wrap(JSON.writeValueAsBytes(call.get("json")));
        }
        if (call.has("text")) {
            String words = text(call.get("text"), "'text' must be a text");
            return ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
        }
        String encoded = text(call.path("base64"), "a call needs 'text', 'json' or 'base64'");
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw EngineException.invalidInput("'base64' is no base64");
        }
    }

    private static String text(JsonNode node, String otherwise) {
        if (!node.isString()) {
            throw EngineException.invalidInput(otherwise);
        }
        return node.stringValue();
    }
}
