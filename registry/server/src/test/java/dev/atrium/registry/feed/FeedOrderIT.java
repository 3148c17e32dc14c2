package dev.atrium.registry.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.support.TransactionTemplate;

/** Who reads while many write sees every change, in one order. */
class FeedOrderIT extends RegistryTest {
    private static final int WRITERS = 8;
    private static final int TRANSACTIONS = 40;

    @Autowired FeedPublisher publisher;
    @Autowired FeedLog feed;

    @Autowired
    @Qualifier("platformTransactions")
    TransactionTemplate platform;

    @Autowired TransactionTemplate app;

    @Test
    void readerSkipsNothingWhileTransactionsOfBothKindsCommitAtOnce() throws Exception {
        FeedPage start = latest();
        Set<String> written = new HashSet<>();
        List<Future<List<String>>> writers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long position = start.revision();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                TransactionTemplate transactions = writer % 2 == 0 ? platform : app;
                int seed = writer;
                writers.add(threads.submit(() -> write(transactions, new Random(seed))));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                position = readOn(start.epoch(), position, seen);
            }
        }
        for (Future<List<String>> writer : writers) {
            written.addAll(writer.get());
        }
        readOn(start.epoch(), position, seen);

        assertThat(written).hasSize(WRITERS * TRANSACTIONS);
        assertThat(seen).containsAll(written);
    }

    @Test
    void whatIsRolledBackIsNeverSeenAndTheLastStateOfATransactionCounts() {
        FeedPage start = latest();
        String id = UUID.randomUUID().toString();

        platform.executeWithoutResult(status -> {
            publisher.publish(FeedKind.TENANT, "lost-" + id, Map.of());
            status.setRollbackOnly();
        });
        platform.executeWithoutResult(status -> {
            publisher.publish(FeedKind.TENANT, id, Map.of("active", true));
            publisher.publish(FeedKind.TENANT, id, Map.of("active", false));
        });

        List<FeedEntry> entries =
                feed.read(start.epoch(), start.revision()).entries().stream()
                        .filter(entry -> entry.id().contains(id))
                        .toList();
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().body().path("active").asBoolean()).isFalse();
    }

    private List<String> write(TransactionTemplate transactions, Random random) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            String id = UUID.randomUUID().toString();
            transactions.executeWithoutResult(status -> {
                publisher.publish(FeedKind.TENANT, id, Map.of());
                // Others overtake between the change and its commit.
                LockSupport.parkNanos(random.nextInt(3_000_000));
            });
            ids.add(id);
        }
        return ids;
    }

    private long readOn(UUID epoch, long after, Set<String> seen) {
        long position = after;
        FeedPage page;
        do {
            page = feed.read(epoch, position);
            assertThat(page.full()).isFalse();
            for (FeedEntry entry : page.entries()) {
                assertThat(entry.revision()).isGreaterThan(position);
                position = entry.revision();
                seen.add(entry.id());
            }
        } while (page.more());
        return position;
    }

    private FeedPage latest() {
        FeedPage page = feed.read(null, 0);
        while (page.more()) {
            page = feed.read(page.epoch(), page.revision());
        }
        return page;
    }
}
