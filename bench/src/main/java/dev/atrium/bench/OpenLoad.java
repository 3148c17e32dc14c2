package dev.atrium.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls that are sent when they are due, each on a connection that is free then. */
final class OpenLoad implements AutoCloseable {
    private static final int OK = 200;
    private static final Pattern COMPUTED = Pattern.compile("\"computeMicros\":(\\d+)");

    private final NodeTarget node;
    private final NodeCalls calls;
    private final Deque<RawConnection> free = new ConcurrentLinkedDeque<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<UUID, List<Double>> waits = new ConcurrentHashMap<>();
    private final Latencies refusals = new Latencies();
    private final AtomicInteger answered = new AtomicInteger();

    OpenLoad(NodeTarget node, NodeCalls calls) {
        this.node = node;
        this.calls = calls;
    }

    void send(UUID tenant) {
        ByteBuffer request;
        synchronized (calls) {
            request = calls.request(tenant);
        }
        callers.execute(() -> call(tenant, request));
    }

    private void call(UUID tenant, ByteBuffer request) {
        try {
            RawConnection connection = free.poll();
            if (connection == null) {
                connection = new RawConnection(node.port());
            }
            connection.send(request);
            while (!connection.receive()) {
                continue;
            }
            note(tenant, connection, (System.nanoTime() - connection.sentNanos()) / 1e3);
            free.push(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(UUID tenant, RawConnection connection, double micros) {
        if (connection.status() == OK) {
            answered.incrementAndGet();
            waits.computeIfAbsent(tenant, each -> Collections.synchronizedList(new ArrayList<>()))
                    .add(micros - computed(connection));
        } else {
            refusals.add((long) (micros * 1e3));
        }
    }

    private static double computed(RawConnection connection) {
        Matcher usage = COMPUTED.matcher(connection.head());
        return usage.find() ? Double.parseDouble(usage.group(1)) : 0;
    }

    /** Of one call, by the node's own account. */
    static double computeMicros(NodeTarget node, NodeCalls calls, UUID tenant) throws IOException {
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.send(calls.request(tenant));
            while (!connection.receive()) {
                continue;
            }
            return computed(connection);
        }
    }

    void finish() throws InterruptedException {
        callers.shutdown();
        if (!callers.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("calls are not answered");
        }
    }

    /** From sending to the answer, less what the node computed: of answered calls. */
    Latencies waits(List<UUID> tenants) {
        Latencies all = new Latencies();
        for (UUID tenant : tenants) {
            for (double micros : waits.getOrDefault(tenant, List.of())) {
                all.add((long) (micros * 1e3));
            }
        }
        return all;
    }

    Latencies refusals() {
        return refusals;
    }

    int answered() {
        return answered.get();
    }

    @Override
    public void close() throws IOException {
        for (RawConnection connection : free) {
            connection.close();
        }
    }
}
