package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** The twin of {@link JdbcWindowStore}. */
public final class MemoryWindowStore implements WindowStore {
    private final MemoryDatabase database;

    public MemoryWindowStore(MemoryDatabase database) {
        this.database = database;
    }

    public static Windows windows(MemoryDatabase database) {
        return new Windows(new MemoryWindowStore(database));
    }

    @Override
    public Optional<Windows.Found> ofLiving(PolicyId policy, Instant at) {
        return find(policy, begunBy(at)).filter(found -> !isDeleted(policy));
    }

    @Override
    public Optional<Windows.Found> ofAny(PolicyId policy, Instant at) {
        return find(policy, begunBy(at));
    }

    @Override
    public Optional<Windows.Found> beginningAt(PolicyId policy, Instant start) {
        return find(policy, window -> window.key().start().equals(start))
                .filter(found -> found.span() != null && !isDeleted(policy));
    }

    private static Predicate<Row.QuotaWindow> begunBy(Instant at) {
        return window -> !window.key().start().isAfter(at) || window.end() == null;
    }

    private boolean isDeleted(PolicyId policy) {
        return database.policies.get(policy.value()).deleted();
    }

    private Optional<Windows.Found> find(PolicyId policy, Predicate<Row.QuotaWindow> condition) {
        return database.policies
                .find(policy.value())
                .map(row ->
                        database.windowsOf(policy)
                                .filter(condition)
                                .reduce((one, later) -> later)
                                .map(window ->
                                        new Windows.Found(
                                                row.counted(),
                                                new WindowSpan(window.key().start(), window.end()),
                                                window.slices()))
                                .orElseGet(() -> new Windows.Found(row.counted(), null, null)));
    }

    @Override
    public boolean end(WindowKey key, Instant now) {
        boolean ends =
                database.windows
                        .find(key)
                        .filter(window -> window.end() == null && key.start().isBefore(now))
                        .isPresent();
        if (ends) {
            database.windows.change(key, window -> window.endingAt(now));
            database.cutAnew(key.policy());
        }
        return ends;
    }

    @Override
    public void begin(CountedPolicy policy, WindowSpan span) {
        WindowKey key = new WindowKey(policy.id(), span.start());
        if (database.windows.find(key).isEmpty()) {
            database.windows.put(
                    key, new Row.QuotaWindow(key, span.end(), policy.slices(), 0, 0, 0, 0));
        }
    }
}
