package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Room that one upload has taken; closing it gives back what no file took over. Of one upload's
 * thread.
 */
public final class StorageRoom implements AutoCloseable {
    /** Where the length is not known, room is taken in steps, not for every block. */
    private static final long STEP = 16 << 20;

    private static final long RENEW_NANOS = Duration.ofMinutes(1).toNanos();

    private final StorageQuota quota;
    private final TenantId tenant;
    private final UUID project;
    private final UUID id = UUID.randomUUID();
    private final Set<PolicyId> refusals = ConcurrentHashMap.newKeySet();
    private long held = -1;
    private long takenAt;

    StorageRoom(StorageQuota quota, TenantId tenant, UUID project) {
        this.quota = quota;
        this.tenant = tenant;
        this.project = project;
    }

    TenantId tenant() {
        return tenant;
    }

    UUID project() {
        return project;
    }

    UUID id() {
        return id;
    }

    Collection<PolicyId> refusals() {
        return refusals;
    }

    void countDryRun(List<PolicyId> policies) {
        refusals.addAll(policies);
    }

    void refused(PolicyId policy) {
        refusals.add(policy);
    }

    /** Takes as much at least. */
    void require(long bytes) {
        if (bytes <= held && System.nanoTime() - takenAt < RENEW_NANOS) {
            return;
        }
        take(Math.max(held, bytes), bytes);
    }

    private void take(long bytes, long needed) {
        quota.reserve(this, bytes, needed);
        held = bytes;
        takenAt = System.nanoTime();
    }

    private void grow(long bytes) {
        if (bytes > held) {
            try {
                take(held + STEP, bytes);
            } catch (StorageExceededException tooMuch) {
                refusals.remove(tooMuch.policy());
            }
        }
        require(bytes);
    }

    /** The same bytes, for which there is room. */
    public InputStream within(InputStream content) {
        return new FilterInputStream(content) {
            private long total;

            @Override
            public int read() throws IOException {
                int next = super.read();
                count(next < 0 ? 0 : 1);
                return next;
            }

            @Override
            public int read(byte[] block, int offset, int length) throws IOException {
                int read = super.read(block, offset, length);
                count(Math.max(0, read));
                return read;
            }

            private void count(int read) {
                total += read;
                grow(total);
            }
        };
    }

    /** In the transaction that has just named the file. */
    public void use() {
        quota.use(this);
    }

    @Override
    public void close() {
        quota.close(this);
    }
}
