package dev.atrium.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Some connections, each of which calls again when it is answered; one thread for all. */
final class RawLoad {
    private static final int OK = 200;

    private RawLoad() {}

    static Figures run(NodeTarget node, NodeCalls calls, int connections, Duration time)
            throws IOException {
        Latencies latencies = new Latencies();
        AtomicInteger failures = new AtomicInteger();
        List<RawConnection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                RawConnection connection = new RawConnection(node.port());
                all.add(connection);
                connection.channel().configureBlocking(false);
                connection.channel().register(selector, SelectionKey.OP_READ, connection);
            }
            double cpu = node.cpuSeconds();
            long begin = System.nanoTime();
            for (RawConnection connection : all) {
                connection.send(calls.next());
            }
            while (System.nanoTime() - begin < time.toNanos()) {
                selector.select(key -> answered(key, calls, latencies, failures), 10);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            int count = latencies.count();
            return new Figures(
                    count,
                    failures.get(),
                    (node.cpuSeconds() - cpu) / Math.max(1, count) * 1e6,
                    count / seconds,
                    latencies.quantile(0.5),
                    latencies.quantile(0.99));
        } finally {
            for (RawConnection connection : all) {
                connection.close();
            }
        }
    }

    private static void answered(
            SelectionKey key, NodeCalls calls, Latencies latencies, AtomicInteger failures) {
        try {
            RawConnection connection = (RawConnection) key.attachment();
            if (connection.receive()) {
                latencies.add(System.nanoTime() - connection.sentNanos());
                if (connection.status() != OK) {
                    failures.incrementAndGet();
                }
                connection.send(calls.next());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
