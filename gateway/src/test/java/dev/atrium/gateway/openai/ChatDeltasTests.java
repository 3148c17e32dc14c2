package dev.atrium.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

class ChatDeltasTests {
    private static final String USAGE =
            "\"usage\":{\"inputTokens\":1,\"outputTokens\":1,\"computeMicros\":1}";

    @Test
    void readsPartsThatAreGoneBeforeASlowCallerAsksForThem() {
        TestPublisher<ByteBuf> node = TestPublisher.create();
        SlowCaller caller = new SlowCaller();
        new ChatDeltas().read(node.flux()).subscribe(caller);

        send(node, event("once", "") + event(" upon", "") + "data: {\"text\":\" a\",");
        send(node, USAGE + "}\n");
        send(node, event(" time", ",\"finishReason\":\"stop\""));
        node.complete();
        caller.request(10);

        assertThat(caller.failures).isEmpty();
        assertThat(caller.texts).containsExactly("once", " upon", " a", " time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void readsEventsWhereverTheyAreCut(String lineEnd) {
        String whole =
                (": a comment\n\nevent: token\n"
                                + event("one é", "")
                                + event("two", ",\"finishReason\":\"length\""))
                        .replace("\n", lineEnd);
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            Flux<ByteBuf> parts =
                    Flux.just(
                            Unpooled.wrappedBuffer(bytes, 0, cut),
                            Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));

            assertThat(new ChatDeltas().read(parts).collectList().block())
                    .as("cut at %d", cut)
                    .extracting(ChatDelta::text)
                    .containsExactly("one é", "two");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: nonsense\n",
                "data: [\"text\"]\n",
                "data: {\"text\":\"a\"}\n",
                "data: {\"text\":\"a\",\"usage\":null}\n",
                "data: {\"text\":null,\"usage\":{}}\n",
                "data: {\"text\":\"a\",\"usage\":{\"outputTokens\":\n"
            })
    void refusesWhatIsNoEvent(String stream) {
        Flux<ByteBuf> parts =
                Flux.just(ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, stream));

        assertThatExceptionOfType(NodeFailure.Invalid.class)
                .isThrownBy(() -> new ChatDeltas().read(parts).blockLast());
    }

    @Test
    void endsWithWhatTheNodeSaysWentWrong() {
        Flux<ByteBuf> parts =
                Flux.just(
                        ByteBufUtil.writeUtf8(
                                UnpooledByteBufAllocator.DEFAULT,
                                event("", ",\"error\":{\"code\":\"internal\",\"error\":\"no\"}")));

        assertThatExceptionOfType(NodeFailure.Refused.class)
                .isThrownBy(() -> new ChatDeltas().read(parts).blockLast())
                .satisfies(failure -> {
                    assertThat(failure.error()).isEqualTo(new NodeError("internal", "no"));
                    assertThat(failure.usage()).isEqualTo(new NodeUsage(1, 1, 1));
                });
    }

    /** As the HTTP client does: whoever wants a part for longer than its signal has to keep it. */
    private static void send(TestPublisher<ByteBuf> node, String text) {
        ByteBuf part = ByteBufUtil.writeUtf8(PooledByteBufAllocator.DEFAULT, text);
        node.next(part);
        assertThat(part.release()).isTrue();
    }

    private static String event(String text, String more) {
        return "data: {\"text\":\"" + text + "\"," + USAGE + more + "}\n\n";
    }

    /** Asks for one delta at first. */
    private static final class SlowCaller extends BaseSubscriber<ChatDelta> {
        private final List<String> texts = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(ChatDelta delta) {
            texts.add(delta.text());
        }

        @Override
        protected void hookOnError(Throwable failure) {
            failures.add(failure);
        }
    }
}
