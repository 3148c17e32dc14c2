package dev.atrium.gateway.openai;

import dev.atrium.gateway.call.CallEnding;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Json;
import dev.atrium.node.api.ChatDelta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** The server-sent events of a streamed completion, one byte array per event. */
final class CompletionEvents {
    private static final byte[] DONE = event("[DONE]");

    private final CompletionWriter writer;
    private final boolean includeUsage;

    CompletionEvents(CompletionWriter writer, boolean includeUsage) {
        this.writer = writer;
        this.includeUsage = includeUsage;
    }

    Flux<byte[]> of(Flux<ChatDelta> deltas) {
        Flux<byte[]> opening =
                Flux.just(
                        event(
                                writer.chunk(
                                        "{\"role\":\"assistant\",\"content\":\"\"}",
                                        null,
                                        includeUsage)));
        return opening.concatWith(deltas.concatMapIterable(this::eventsOf));
    }

    /** An error inside a stream whose status has gone out as 200 already. */
    static byte[] error(NodeFailure failure) {
        return event(
                new String(
                        OpenAiError.of(CallEnding.of(failure).refusal()).body(),
                        StandardCharsets.UTF_8));
    }

    private List<byte[]> eventsOf(ChatDelta delta) {
        List<byte[]> events = new ArrayList<>(4);
        if (!delta.text().isEmpty()) {
            String content = "{\"content\":" + Json.quote(delta.text()) + "}";
            events.add(event(writer.chunk(content, null, includeUsage)));
        }
        if (delta.finishReason() != null) {
            events.add(event(writer.chunk("{}", delta.finishReason(), includeUsage)));
            if (includeUsage) {
                events.add(event(writer.usageChunk(delta.usage())));
            }
            events.add(DONE);
        }
        return events;
    }

    private static byte[] event(String data) {
        return CompletionWriter.bytes("data: " + data + "\n\n");
    }
}
