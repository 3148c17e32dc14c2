package dev.atrium.node.usage;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.registry.RegistryClock;
import dev.atrium.node.usage.JournalEntry.Kind;
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
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Every attempt that this node computed, or was computing when it was killed.
 *
 * <p>What a killed node had begun is finished on the next start as {@code NODE_FAILED} without an
 * end, with the progress that was last written.
 */
@Service
public class UsageJournal implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(UsageJournal.class);

    private record Numbered(long sequence, long segment, NodeUsageRecord record) {}

    private final UsageProperties properties;
    private final RegistryClock clock;
    private final JournalFiles files;
    private final Map<AttemptKey, NodeUsageRecord> open = new LinkedHashMap<>();
    private final Deque<Numbered> unshipped = new ArrayDeque<>();
    private final Map<Long, Instant> closedSegments = new HashMap<>();
    private final Set<AttemptKey> recovered = new HashSet<>();
    private long sequence;
    private long segment;

    @Autowired
    UsageJournal(UsageProperties properties, RegistryClock clock, MeterRegistry metrics)
            throws IOException {
        this(properties, clock);
        Gauge.builder("atrium.node.usage.unshipped", this::unshipped)
                .description("finished attempts that wait for the registry")
                .register(metrics);
    }

    UsageJournal(UsageProperties properties, RegistryClock clock) throws IOException {
        this.properties = properties;
        this.clock = clock;
        this.files = new JournalFiles(properties.journalDir(), properties.segment().toBytes());
        this.segment = files.current();
        recover();
    }

    private void recover() throws IOException {
        Deque<Numbered> finished = new ArrayDeque<>();
        files.replay(entry -> replay(entry, finished));
        unshipped.addAll(finished);
        for (long older : files.olderSegments()) {
            closedSegments.put(older, clock.now());
        }
        List<NodeUsageRecord> cut = List.copyOf(open.values());
        open.clear();
        for (NodeUsageRecord record : cut) {
            append(finished(record));
        }
        if (!cut.isEmpty()) {
            LOG.warn("{} calls were being computed when this node was killed", cut.size());
        }
    }

    private void replay(JournalEntry entry, Deque<Numbered> finished) {
        sequence = Math.max(sequence, entry.sequence());
        NodeUsageRecord record = entry.record();
        if (entry.kind() == Kind.SHIPPED) {
            finished.removeIf(known -> known.sequence() <= entry.sequence());
        } else if (record != null) {
            recovered.add(AttemptKey.of(record));
            if (entry.kind() == Kind.FINISHED) {
                open.remove(AttemptKey.of(record));
                finished.add(new Numbered(entry.sequence(), segment, record));
            } else {
                open.put(AttemptKey.of(record), record);
            }
        }
    }

    /** Attempts that were begun before this start and may not be begun again. */
    public synchronized Set<AttemptKey> attemptsBeforeStart() {
        return Set.copyOf(recovered);
    }

    /**
     * Writes STARTED.
     *
     * @throws IOException when it is not written; nothing may be computed then
     */
    public synchronized void start(Grant grant, ModelVersionId version) throws IOException {
        AttemptKey key = AttemptKey.of(grant);
        if (unshipped.size() + open.size() >= properties.maxUnshipped()) {
            throw new IOException("too much usage waits for the registry");
        }
        NodeUsageRecord record =
                new NodeUsageRecord(
                        key.callId(),
                        key.attempt(),
                        version,
                        clock.now(),
                        null,
                        Outcome.NODE_FAILED.name(),
                        0,
                        0,
                        0,
                        null,
                        call(grant),
                        null,
                        null);
        append(new JournalEntry(Kind.STARTED, 0, record));
        open.put(key, record);
    }

    private static @Nullable GrantedCall call(Grant grant) {
        return grant.gatewayId() == null
                ? null
                : new GrantedCall(
                        grant.gatewayId(),
                        new TenantId(grant.tenantId()),
                        new ProjectId(grant.projectId()),
                        PrincipalKind.valueOf(grant.principalKind()),
                        grant.principalId(),
                        new ModelId(grant.modelId()),
                        ModelName.of(grant.modelName()),
                        grant.version(),
                        Operation.valueOf(grant.operation()),
                        grant.label(),
                        grant.reserved());
    }

    /** Writes what was used so far, so that a kill does not lose it. */
    public synchronized void progress(AttemptKey key, NodeUsage usage) throws IOException {
        NodeUsageRecord begun = open.get(key);
        if (begun != null) {
            NodeUsageRecord record = with(begun, null, Outcome.NODE_FAILED, usage);
            append(new JournalEntry(Kind.PROGRESS, 0, record));
            open.put(key, record);
        }
    }

    /** Writes the end; from now on the record waits to be shipped. */
    public synchronized void finish(AttemptKey key, Outcome outcome, NodeUsage usage)
            throws IOException {
        NodeUsageRecord begun = open.get(key);
        if (begun != null) {
            append(finished(with(begun, clock.now(), outcome, usage)));
            open.remove(key);
        }
    }

    private JournalEntry finished(NodeUsageRecord record) {
        sequence++;
        unshipped.add(new Numbered(sequence, segment, record));
        return new JournalEntry(Kind.FINISHED, sequence, record);
    }

    private static NodeUsageRecord with(
            NodeUsageRecord begun, @Nullable Instant finishedAt, Outcome outcome, NodeUsage usage) {
        return new NodeUsageRecord(
                begun.callId(),
                begun.attempt(),
                begun.versionId(),
                begun.startedAt(),
                finishedAt,
                outcome.name(),
                usage.inputTokens(),
                usage.outputTokens(),
                usage.computeMicros(),
                usage.energy(),
                begun.call(),
                usage.cachedInputTokens(),
                usage.media());
    }

    private void append(JournalEntry entry) throws IOException {
        files.append(entry);
        if (files.current() != segment) {
            closedSegments.put(segment, clock.now());
            segment = files.current();
        }
    }

    /** Every call that began before this is finished and shipped. */
    public synchronized Instant shippedThrough() {
        Instant through = clock.now();
        for (NodeUsageRecord record : open.values()) {
            through = earlier(through, record.startedAt());
        }
        for (Numbered waiting : unshipped) {
            through = earlier(through, waiting.record().startedAt());
        }
        return through;
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    private synchronized int unshipped() {
        return unshipped.size();
    }

    synchronized List<NodeUsageRecord> nextBatch() {
        return unshipped.stream().limit(properties.batch()).map(Numbered::record).toList();
    }

    /** The registry has the first records of the queue. */
    synchronized void shipped(int count) throws IOException {
        List<Numbered> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            done.add(unshipped.remove());
        }
        if (!done.isEmpty()) {
            append(new JournalEntry(Kind.SHIPPED, done.getLast().sequence(), null));
        }
        removeOldSegments();
    }

    /** Segments are removed oldest first, when nothing in them waits and no grant of then lives. */
    private void removeOldSegments() throws IOException {
        Instant old = clock.now().minus(properties.retention());
        for (long candidate : files.olderSegments()) {
            Instant closed = closedSegments.getOrDefault(candidate, clock.now());
            boolean waiting =
                    !open.isEmpty() && open.values().iterator().next().startedAt().isBefore(closed)
                            || unshipped.stream().anyMatch(each -> each.segment() <= candidate);
            if (waiting || closed.isAfter(old)) {
                return;
            }
            files.remove(candidate);
            closedSegments.remove(candidate);
        }
    }

    @Override
    public synchronized void destroy() throws IOException {
        files.close();
    }
}
