package dev.atrium.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.api.ChatDelta;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
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
