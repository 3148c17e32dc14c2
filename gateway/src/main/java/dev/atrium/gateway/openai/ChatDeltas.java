package dev.atrium.gateway.openai;

import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Takes a node's server-sent events apart, wherever the network cut them. */
final class ChatDeltas {
    private static final ObjectReader DELTA =
            JsonMapper.builder().build().readerFor(ChatDelta.class);
    private static final int LONGEST_LINE = 1024 * 1024;
    private static final String DATA = "data:";

    /** Parts that wait for a slow caller; the node waits then. */
    private static final int PARTS_AHEAD = 4;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean finished;

    /** Deltas in order; fails when the node ends the stream without a last delta. */
    Flux<ChatDelta> read(Flux<ByteBuf> body) {
        // A part is gone after its signal, and a slow caller makes parts wait here.
        return body.map(part -> Unpooled.copiedBuffer(part))
                .concatMapIterable(this::split, PARTS_AHEAD)
                .concatWith(Flux.defer(this::requireFinished));
    }

    private List<ChatDelta> split(ByteBuf part) {
        List<ChatDelta> deltas = new ArrayList<>(2);
        while (part.isReadable()) {
            int end = part.bytesBefore((byte) '\n');
            int length = end < 0 ? part.readableBytes() : end;
            if (line.size() + length > LONGEST_LINE) {
                throw new NodeFailure.Invalid("an event that is too long");
            }
            byte[] bytes = new byte[length];
            part.readBytes(bytes);
            line.writeBytes(bytes);
            if (end >= 0) {
                part.skipBytes(1);
                addDelta(deltas);
            }
        }
        return deltas;
    }

    private void addDelta(List<ChatDelta> deltas) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!text.startsWith(DATA)) {
            return;
        }
        ChatDelta delta = parse(text.substring(DATA.length()).strip());
        if (delta.error() != null) {
            throw NodeFailure.midway(
                    delta.error(),
                    delta.usage() == null ? NodeUsage.NONE : NodeAnswer.checked(delta.usage()));
        }
        finished |= delta.finishReason() != null;
        deltas.add(delta);
    }

    private static ChatDelta parse(String json) {
        try {
            ChatDelta delta = DELTA.readValue(json);
            if (delta.text() != null && delta.usage() != null) {
                return delta;
            }
        } catch (JacksonException e) {
            throw new NodeFailure.Invalid("an unreadable event");
        }
        throw new NodeFailure.Invalid("an event without text or usage");
    }

    private Flux<ChatDelta> requireFinished() {
        return finished
                ? Flux.empty()
                : Flux.error(new NodeFailure.Vanished("the stream ended too early"));
    }
}
