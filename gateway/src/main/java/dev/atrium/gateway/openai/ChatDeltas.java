package dev.atrium.gateway.openai;

import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.node.api.ChatDelta;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Flux;

/** Takes a node's server-sent events apart, wherever the network cut them. */
final class ChatDeltas {
    private static final int LONGEST_LINE = 1024 * 1024;
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

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
            int begin = part.arrayOffset() + part.readerIndex();
            if (end >= 0 && line.size() == 0) {
                addDelta(part.array(), begin, length, deltas);
            } else {
                line.write(part.array(), begin, length);
                if (end >= 0) {
                    addDelta(line.toByteArray(), 0, line.size(), deltas);
                    line.reset();
                }
            }
            part.skipBytes(end < 0 ? length : length + 1);
        }
        return deltas;
    }

    private void addDelta(byte[] bytes, int begin, int length, List<ChatDelta> deltas) {
        if (!Arrays.equals(
                bytes, begin, begin + Math.min(length, DATA.length), DATA, 0, DATA.length)) {
            return;
        }
        ChatDelta delta = DeltaReader.read(bytes, begin + DATA.length, length - DATA.length);
        if (delta.error() != null) {
            throw NodeFailure.midway(delta.error(), NodeAnswer.checked(delta.usage()));
        }
        finished |= delta.finishReason() != null;
        deltas.add(delta);
    }

    private Flux<ChatDelta> requireFinished() {
        return finished
                ? Flux.empty()
                : Flux.error(new NodeFailure.Vanished("the stream ended too early"));
    }
}
