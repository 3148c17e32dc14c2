package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.demo.Samples;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Callers that go on whatever happens: seven of ten calls are tensors, three are chats as streams,
 * and every fifth stream is hung up on in its middle.
 */
final class Load implements AutoCloseable {
    private static final int CALLERS = 8;
    private static final int PAUSE_AFTER_FAILURE_MILLIS = 50;
    private static final int TOKENS = 24;
    private static final int PIECES_BEFORE_HANGING_UP = 8;

    private final List<GatewayCalls> gateways;
    private final ModelName tensors;
    private final ModelName chat;
    private final long seed;
    private final JsonNode inputs = Samples.inputs("iris.onnx");
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger hungUp = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private volatile boolean over;
    private long began;
    private double seconds;

    Load(List<GatewayCalls> gateways, ModelName tensors, ModelName chat, long seed) {
        this.gateways = gateways;
        this.tensors = tensors;
        this.chat = chat;
        this.seed = seed;
    }

    void start() {
        began = System.nanoTime();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seed * CALLERS + i);
            callers.submit(() -> {
                while (!over) {
                    call(random);
                }
            });
        }
    }

    private void call(Random random) {
        GatewayCalls gateway = gateways.get(random.nextInt(gateways.size()));
        try {
            boolean wentWell = random.nextInt(10) < 7 ? infer(gateway) : chat(gateway, random);
            if (!wentWell) {
                refused.incrementAndGet();
                pause();
            }
        } catch (UncheckedIOException e) {
            broken.incrementAndGet();
            pause();
        }
    }

    private boolean infer(GatewayCalls gateway) {
        GatewayCalls.Answer answer = gateway.infer(tensors.toString(), inputs);
        if (answer.isOk()) {
            answered.add(answer.callId());
        }
        return answer.isOk();
    }

    private boolean chat(GatewayCalls gateway, Random random) {
        boolean hangsUp = random.nextInt(5) == 0;
        GatewayCalls.Stream stream =
                gateway.shortChatStream(
                        chat.toString(),
                        "Tell me a story",
                        hangsUp ? PIECES_BEFORE_HANGING_UP : Integer.MAX_VALUE,
                        TOKENS);
        if (stream.ended()) {
            streams.incrementAndGet();
            answered.add(stream.callId());
        } else if (hangsUp && !stream.pieces().isEmpty()) {
            hungUp.incrementAndGet();
        }
        return stream.ended() || hangsUp && !stream.pieces().isEmpty();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ids of calls whose whole answer has arrived. */
    Set<String> answered() {
        return answered;
    }

    String report() {
        return "%d calls answered in %.0f s (%.0f/s), %d of them whole streams; %d streams hung up on, %d calls refused, %d broken"
                .formatted(
                        answered.size(),
                        seconds,
                        answered.size() / seconds,
                        streams.get(),
                        hungUp.get(),
                        refused.get(),
                        broken.get());
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        callers.shutdown();
        if (!callers.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a call has not ended for two minutes");
        }
        seconds = (System.nanoTime() - began) / 1e9;
    }
}
