package dev.atrium.gateway.openai;

import dev.atrium.fuzz.Target;
import dev.atrium.gateway.upstream.NodeFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** Events of a node, cut into two parts where the first byte says. */
public final class ChatEventsTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        """
                        4data: {"text":"a","usage":{"inputTokens":3,"outputTokens":1,"computeMicros":5}}

                        data: {"text":"","finishReason":"stop","usage":{"inputTokens":3,"outputTokens":2,
                        data:{"text":"\\u00e9","usage":{"inputTokens":3,"outputTokens":2,"computeMicros":9,\
                        "cachedInputTokens":1,"energy":{"microjoules":4,"microgrammes":2,"method":"m"}}}
                        """,
                        """
                        !:ping
                        data: {"text":"a","usage":{"inputTokens":3,"outputTokens":1,"computeMicros":5},\
                        "error":{"code":"cancelled","message":"b"}}
                        """)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int cut = 1 + Math.min(input[0] & 0xFF, input.length - 1);
        Flux<ByteBuf> parts =
                Flux.just(
                        Unpooled.wrappedBuffer(input, 1, cut - 1),
                        Unpooled.wrappedBuffer(input, cut, input.length - cut));
        try {
            new ChatDeltas().read(parts).blockLast();
        } catch (NodeFailure failed) {
            // The call ends as the node's failure.
        }
    }
}
