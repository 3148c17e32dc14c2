package dev.atrium.simulation.database;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The database's twin: the same tables, one transaction after the other, all of it or nothing.
 *
 * <p>Serial, because the product's transactions lock what they are about before they read it; what
 * two of them can do to each other is the matter of the tests on PostgreSQL.
 */
public final class MemoryDatabase implements TransactionOperations {
    /** What a caller sees of a transaction that failed. */
    public static final class AbortedException extends RuntimeException {
        AbortedException(String message) {
            super(message, null, false, false);
        }
    }

    /** Decides what becomes of a transaction, and looks at what it has done. */
    public interface Observer {
        Fate fate();

        void committed();

        /** A rate's window is over before its time, for another that is cut anew. */
        void cutAnew(PolicyId policy);
    }

    public enum Fate {
        COMMITS,
        ABORTS,
        /** It is committed, but nobody hears of it. */
        COMMITS_UNHEARD
    }

    public final Table<UUID, Row.Policy> policies = new Table<>(this);
    public final Table<WindowKey, Row.QuotaWindow> windows = new Table<>(this);
    public final Table<Row.LeaseKey, Row.Lease> leases = new Table<>(this);
    public final Table<Row.Life, Long> lives = new Table<>(this);

    /** Leases that were given up with their gateways. */
    public final Table<UUID, Row.GivenUp> givenUp = new Table<>(this);

    public final Table<UUID, Row.Orphan> orphans = new Table<>(this);
    public final Table<Row.Attempt, Row.NodeUsage> nodeUsage = new Table<>(this);
    public final Table<UUID, Row.Usage> usage = new Table<>(this);
    public final Table<UUID, Row.Node> nodes = new Table<>(this);

    public final Table<UUID, Row.Gateway> gateways = new Table<>(this);
    public final Table<Row.KeyName, Row.Key> keys = new Table<>(this);

    public final Table<String, Row.Feed> feed = new Table<>(this);
    public final Table<String, Long> sequences = new Table<>(this);
    public UUID feedEpoch = new UUID(7, 1);

    private final Clock clock;
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private Observer observer =
            new Observer() {
                @Override
                public Fate fate() {
                    return Fate.COMMITS;
                }

                @Override
                public void committed() {
                    // Nobody looks.
                }

                @Override
                public void cutAnew(PolicyId policy) {
                    // Nobody looks.
                }
            };
    private Fate fate = Fate.COMMITS;
    private boolean open;

    public MemoryDatabase(Clock clock) {
        this.clock = clock;
    }

    public void cutAnew(PolicyId policy) {
        observer.cutAnew(policy);
    }

    public void observe(Observer who) {
        observer = who;
    }

    /** The database's own clock. */
    public Instant now() {
        return clock.instant();
    }

    @Override
    public <T> T execute(TransactionCallback<T> work) {
        if (open) {
            return work.doInTransaction(new SimpleTransactionStatus());
        }
        begin();
        T result;
        try {
            result = work.doInTransaction(new SimpleTransactionStatus());
        } catch (RuntimeException | Error e) {
            rollback();
            throw e;
        }
        commit();
        return result;
    }

    void begin() {
        if (open) {
            throw new IllegalStateException("a transaction within another");
        }
        fate = observer.fate();
        open = true;
        undo.clear();
    }

    void commit() {
        try {
            if (fate == Fate.ABORTS) {
                throw new AbortedException("the database aborted");
            }
            undo.clear();
            observer.committed();
            if (fate == Fate.COMMITS_UNHEARD) {
                throw new AbortedException("the connection broke after the commit");
            }
        } finally {
            rollback();
        }
    }

    /** Takes back what was not committed. */
    void rollback() {
        open = false;
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    void onRollback(Runnable step) {
        if (!open) {
            throw new IllegalStateException("a row is changed outside of a transaction");
        }
        undo.push(step);
    }

    /** The next number; gaps stay where a transaction was taken back. */
    public long next(String sequence) {
        long next = sequences.find(sequence).orElse(0L) + 1;
        sequences.put(sequence, next);
        return next;
    }

    public List<Row.Lease> leasesOf(WindowKey window) {
        UUID first = new UUID(Long.MIN_VALUE, Long.MIN_VALUE);
        return leases.from(new Row.LeaseKey(window, first, first)).values().stream()
                .takeWhile(lease -> lease.key().window().equals(window))
                .toList();
    }

    /** Windows of a policy, the oldest first. */
    public Stream<Row.QuotaWindow> windowsOf(PolicyId policy) {
        return windows.from(new WindowKey(policy, Instant.MIN)).values().stream()
                .takeWhile(window -> window.key().policy().equals(policy));
    }
}
