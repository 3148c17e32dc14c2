package dev.atrium.node.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.registry.RegistryClock;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What is in the journal, also after it was cut. */
class UsageJournalIT {
    private static final ModelVersionId VERSION = new ModelVersionId(UUID.randomUUID());
    private static final NodeUsage USED = new NodeUsage(5, 7, 900);

    @TempDir private Path folder;
    private final RegistryClock clock = new RegistryClock();

    @Test
    void shipsWhatIsFinishedInOrder() throws IOException {
        UsageJournal journal = open(100);
        AttemptKey first = start(journal);
        AttemptKey second = start(journal);

        journal.finish(second, Outcome.OK, USED);
        journal.finish(first, Outcome.CLIENT_GONE, NodeUsage.NONE);

        List<NodeUsageRecord> batch = journal.nextBatch();
        assertThat(batch).extracting(AttemptKey::of).containsExactly(second, first);
        assertThat(batch.getFirst().inputTokens()).isEqualTo(5);
        assertThat(batch.getFirst().outcome()).isEqualTo("OK");
        assertThat(batch.getLast().outcome()).isEqualTo("CLIENT_GONE");
    }

    /** With this the ledger can have the call though its gateway never speaks again. */
    @Test
    void tellsWhoseCallItWasAlsoAfterAKill() throws IOException {
        UUID gateway = UUID.randomUUID();
        Grant grant = grant(gateway);
        open(100).start(grant, VERSION);

        List<NodeUsageRecord> left = open(100).nextBatch();

        assertThat(left)
                .singleElement()
                .extracting(NodeUsageRecord::call)
                .isEqualTo(
                        new GrantedCall(
                                gateway,
                                new TenantId(grant.tenantId()),
                                new ProjectId(grant.projectId()),
                                PrincipalKind.API_KEY,
                                "key",
                                new ModelId(grant.modelId()),
                                new ModelName("acme", "words"),
                                3,
                                Operation.EMBEDDINGS,
                                "cost-centre",
                                "AZngoAAAcACAAAAAAAAAAQ1z"));
    }

    @Test
    void finishesAnAttemptOnlyOnce() throws IOException {
        UsageJournal journal = open(100);
        AttemptKey key = start(journal);

        journal.finish(key, Outcome.OK, USED);
        journal.finish(key, Outcome.NODE_FAILED, USED);

        assertThat(journal.nextBatch()).hasSize(1);
    }

    @Test
    void isShippedThroughNothingThatStillRunsOrWaits() throws IOException {
        UsageJournal journal = open(100);
        Instant before = Instant.now();
        AttemptKey running = start(journal);
        AttemptKey waiting = start(journal);
        journal.finish(waiting, Outcome.OK, USED);

        Instant whileRunning = journal.shippedThrough();
        journal.finish(running, Outcome.OK, USED);
        Instant whileWaiting = journal.shippedThrough();
        journal.shipped(2);

        assertThat(whileRunning).isBetween(before, Instant.now());
        assertThat(whileWaiting).isEqualTo(whileRunning);
        assertThat(journal.shippedThrough()).isAfter(whileRunning);
    }

    @Test
    void knowsAfterAKillWhatWasFinishedShippedAndCut() throws IOException {
        UsageJournal killed = open(100);
        AttemptKey shipped = start(killed);
        AttemptKey finished = start(killed);
        AttemptKey cut = start(killed);
        killed.finish(shipped, Outcome.OK, USED);
        killed.shipped(1);
        killed.finish(finished, Outcome.OK, USED);
        killed.progress(cut, new NodeUsage(3, 2, 50));

        UsageJournal journal = open(100);

        List<NodeUsageRecord> left = journal.nextBatch();
        assertThat(left).extracting(AttemptKey::of).containsExactly(finished, cut);
        assertThat(left.getLast().finishedAt()).isNull();
        assertThat(left.getLast().outcome()).isEqualTo("NODE_FAILED");
        assertThat(left.getLast().outputTokens()).isEqualTo(2);
        assertThat(journal.attemptsBeforeStart()).contains(shipped, finished, cut);
        journal.shipped(2);
        assertThat(open(100).nextBatch()).isEmpty();
    }

    @Test
    void readsPastATornLastLine() throws IOException {
        UsageJournal killed = open(100);
        AttemptKey finished = start(killed);
        killed.finish(finished, Outcome.OK, USED);
        Path segment = Files.list(folder).findFirst().orElseThrow();
        Files.writeString(segment, "0badcafe {\"kind\":\"FINI", StandardOpenOption.APPEND);

        assertThat(open(100).nextBatch()).extracting(AttemptKey::of).containsExactly(finished);
    }

    @Test
    void takesNoCallsWhenTooMuchWaits() throws IOException {
        UsageJournal journal = open(2);
        journal.finish(start(journal), Outcome.OK, USED);
        start(journal);

        assertThatThrownBy(() -> start(journal)).isInstanceOf(IOException.class);
        journal.shipped(1);
        assertThat(start(journal)).isNotNull();
    }

    @Test
    void dropsSegmentsOnlyWhenAllOfThemIsShipped() throws IOException {
        UsageJournal journal = open(100_000);
        AttemptKey running = start(journal);
        for (int i = 0; i < 200; i++) {
            journal.finish(start(journal), Outcome.OK, USED);
        }
        int written = segments();

        journal.shipped(200);
        int whileRunning = segments();
        journal.finish(running, Outcome.OK, USED);
        journal.shipped(1);

        assertThat(written).isGreaterThan(5);
        assertThat(whileRunning).isEqualTo(written);
        assertThat(segments()).isLessThan(3);
    }

    private int segments() throws IOException {
        try (var files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    private UsageJournal open(int maxUnshipped) throws IOException {
        UsageProperties properties =
                new UsageProperties(
                        folder,
                        DataSize.ofKilobytes(8),
                        Duration.ZERO,
                        Duration.ofMillis(10),
                        1000,
                        maxUnshipped);
        return new UsageJournal(properties, clock);
    }

    private static AttemptKey start(UsageJournal journal) throws IOException {
        Grant grant = grant(UUID.randomUUID());
        journal.start(grant, VERSION);
        return AttemptKey.of(grant);
    }

    private static Grant grant(UUID gateway) {
        Instant now = Instant.now();
        return new Grant(
                UUID.randomUUID(),
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                "API_KEY",
                "key",
                UUID.randomUUID(),
                "acme/words",
                VERSION.value(),
                3,
                "EMBEDDINGS",
                now,
                now.plusSeconds(30),
                1_000,
                null,
                gateway,
                "cost-centre",
                "AZngoAAAcACAAAAAAAAAAQ1z");
    }
}
