package dev.atrium.gateway.openai;

import dev.atrium.gateway.call.CallEnding;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.gateway.web.Json;
import dev.atrium.node.api.ChatDelta;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** The server-sent events of a streamed completion, one byte array for what a delta means. */
final class CompletionEvents {
    private static final String DONE = "[DONE]";

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
        return opening.concatWith(deltas.handle(this::say));
    }

    /** An error inside a stream whose status has gone out as 200 already. */
    static byte[] error(NodeFailure failure) {
        return event(
                new String(
                        OpenAiError.of(CallEnding.of(failure).refusal()).body(),
                        StandardCharsets.UTF_8));
    }

    private void say(ChatDelta delta, SynchronousSink<byte[]> sink) {
        StringBuilder events = new StringBuilder(512);
        if (!delta.text().isEmpty()) {
            String content = "{\"content\":" + Json.quote(delta.text()) + "}";
            add(events, writer.chunk(content, null, includeUsage));
        }
        if (delta.finishReason() != null) {
            add(events, writer.chunk("{}", delta.finishReason(), includeUsage));
            if (includeUsage) {
                add(events, writer.usageChunk(delta.usage()));
            }
            add(events, DONE);
        }
        if (!events.isEmpty()) {
            sink.next(CompletionWriter.bytes(events.toString()));
        }
    }

    private static byte[] event(String data) {
        return CompletionWriter.bytes(add(new StringBuilder(), data).toString());
    }

    private static StringBuilder add(StringBuilder events, String data) {
        return events.append("data: ").append(data).append("\n\n");
    }
}
