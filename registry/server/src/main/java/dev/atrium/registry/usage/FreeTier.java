package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.UsageRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives calls the free units of their prices: of a tenant's calendar month the first ones, in the
 * order in which calls are posted.
 *
 * <p>What is left is read under a lock that is held until the calls are posted, and only calls that
 * were posted by this transaction are counted; so all that is free is given, once. Prices whose
 * free units are used up, and those without any, cost nothing but a look.
 *
 * @see "docs/adr/0019-free-units.md"
 */
@Component
class FreeTier {
    private static final String KEYS =
            "unnest(?::uuid[], ?::uuid[], ?::date[]) AS k(tenant_id, price_id, month)";

    /** A price in a month of a tenant. */
    private record Key(TenantId tenant, PriceId price, LocalDate month) {
        static final Comparator<Key> ORDER =
                Comparator.comparing((Key key) -> key.tenant.toString())
                        .thenComparing(key -> key.price.toString())
                        .thenComparing(Key::month);
    }

    /** Units of a call that are free. */
    private record Part(Key key, UnitAmounts units) {}

    /**
     * @param entries what the calls cost with that
     */
    record Given(List<UsageRecord> entries, Map<UUID, Part> parts) {}

    private final JdbcClient platform;

    FreeTier(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /**
     * In the transaction that posts the calls, before it does so.
     *
     * @param entries calls with their whole cost
     */
    Given give(List<UsageRecord> entries, Map<UUID, Price> paid) {
        List<UsageRecord> candidates =
                entries.stream().filter(entry -> free(entry, paid) != null).toList();
        if (candidates.isEmpty()) {
            return new Given(entries, Map.of());
        }
        Map<UUID, Key> keys = keys(candidates, paid);
        SortedSet<Key> open = new TreeSet<>(Key.ORDER);
        open.addAll(keys.values());
        Map<Key, UnitAmounts> used = read(open, "");
        for (UsageRecord entry : candidates) {
            Key key = keys.get(entry.callId());
            if (key != null
                    && UnitAmounts.of(free(entry, paid))
                            .minus(used.getOrDefault(key, UnitAmounts.NONE))
                            .isNothing()) {
                open.remove(key);
            }
        }
        return open.isEmpty() ? new Given(entries, Map.of()) : give(entries, paid, keys, open);
    }

    private Given give(
            List<UsageRecord> entries,
            Map<UUID, Price> paid,
            Map<UUID, Key> keys,
            SortedSet<Key> open) {
        Map<Key, UnitAmounts> used = lock(open);
        Set<UUID> known = known(keys.keySet());
        Map<UUID, Part> parts = new HashMap<>();
        for (UsageRecord entry : entries) {
            Key key = keys.get(entry.callId());
            UnitAmounts before = key == null ? null : used.get(key);
            if (key != null && before != null && known.add(entry.callId())) {
                UnitAmounts left = UnitAmounts.of(free(entry, paid)).minus(before);
                UnitAmounts part = left.atMost(UnitAmounts.of(entry.consumption()));
                used.put(key, before.plus(part));
                parts.put(entry.callId(), new Part(key, part));
            }
        }
        return new Given(
                entries.stream().map(entry -> costing(entry, paid, parts)).toList(), parts);
    }

    private static UsageRecord costing(
            UsageRecord entry, Map<UUID, Price> paid, Map<UUID, Part> parts) {
        Part part = parts.get(entry.callId());
        Price price = paid.get(entry.callId());
        if (part == null || price == null) {
            return entry;
        }
        long whole = price.costMicros(entry.consumption());
        long real = UnitAmounts.of(entry.consumption()).minus(part.units()).cost(price.units());
        return whole == real
                ? entry
                : entry.costing(new Cost(real, price.currency(), whole - real));
    }

    private static @Nullable FreeUnits free(UsageRecord entry, Map<UUID, Price> paid) {
        Price price = paid.get(entry.callId());
        return price == null ? null : price.units().free();
    }

    /** The month is that of the call, by what the tenant's time zone is now. */
    private Map<UUID, Key> keys(List<UsageRecord> calls, Map<UUID, Price> paid) {
        Map<TenantId, ZoneId> zones = new HashMap<>();
        platform.sql("SELECT id, time_zone FROM tenant WHERE id = ANY (?)")
                .param(
                        calls.stream()
                                .map(call -> call.tenantId().value())
                                .distinct()
                                .toArray(UUID[]::new))
                .query(row -> {
                    zones.put(
                            new TenantId(row.getObject("id", UUID.class)),
                            ZoneId.of(row.getString("time_zone")));
                });
        Map<UUID, Key> keys = new HashMap<>();
        for (UsageRecord call : calls) {
            ZoneId zone = zones.get(call.tenantId());
            Price price = paid.get(call.callId());
            if (zone != null && price != null) {
                LocalDate day = LocalDate.ofInstant(CallTime.of(call.callId()), zone);
                keys.put(
                        call.callId(), new Key(call.tenantId(), price.id(), day.withDayOfMonth(1)));
            }
        }
        return keys;
    }

    private Map<Key, UnitAmounts> lock(SortedSet<Key> keys) {
        platform.sql(
                        """
                        INSERT INTO price_free_use (tenant_id, price_id, month)
                        SELECT * FROM %s ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
                        """
                                .formatted(KEYS))
                .params(parameters(keys))
                .update();
        return read(keys, "ORDER BY u.tenant_id, u.price_id, u.month FOR UPDATE OF u");
    }

    private Map<Key, UnitAmounts> read(Collection<Key> keys, String how) {
        Map<Key, UnitAmounts> used = new TreeMap<>(Key.ORDER);
        platform.sql(
                        "SELECT u.* FROM price_free_use u JOIN %s USING (tenant_id, price_id, month) %s"
                                .formatted(KEYS, how))
                .params(parameters(keys))
                .query(row -> {
                    used.put(key(row), UnitAmounts.of(row));
                });
        return used;
    }

    private static Key key(ResultSet row) throws SQLException {
        return new Key(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new PriceId(row.getObject("price_id", UUID.class)),
                row.getObject("month", LocalDate.class));
    }

    private static List<Object> parameters(Collection<Key> keys) {
        return List.of(
                keys.stream().map(key -> key.tenant().value()).toArray(UUID[]::new),
                keys.stream().map(key -> key.price().value()).toArray(UUID[]::new),
                // As text: the driver has no arrays of dates.
                keys.stream().map(key -> key.month().toString()).toArray(String[]::new));
    }

    /** Those of the calls that are in the ledger already. */
    private Set<UUID> known(Collection<UUID> calls) {
        return new HashSet<>(
                platform.sql(
                                """
                                SELECT call_id FROM usage_record
                                WHERE day = ANY (?::date[]) AND call_id = ANY (?)
                                """)
                        .params(
                                calls.stream()
                                        .map(CallTime::day)
                                        .distinct()
                                        .map(LocalDate::toString)
                                        .toArray(String[]::new),
                                calls.toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }

    /** In the same transaction, once the calls are posted. */
    void count(Given given, Collection<UUID> posted) {
        Map<Key, UnitAmounts> used = new TreeMap<>(Key.ORDER);
        for (UUID call : posted) {
            Part part = given.parts().get(call);
            if (part != null && !part.units().isNothing()) {
                used.merge(part.key(), part.units(), UnitAmounts::plus);
            }
        }
        used.forEach((key, units) ->
                platform.sql(
                                """
                                UPDATE price_free_use
                                SET requests = requests + ?, input_tokens = input_tokens + ?,
                                    output_tokens = output_tokens + ?,
                                    compute_millis = compute_millis + ?, images = images + ?,
                                    audio_millis = audio_millis + ?
                                WHERE tenant_id = ? AND price_id = ? AND month = ?
                                """)
                        .params(
                                units.requests(),
                                units.inputTokens(),
                                units.outputTokens(),
                                units.computeMillis(),
                                units.images(),
                                units.audioMillis(),
                                key.tenant().value(),
                                key.price().value(),
                                key.month())
                        .update());
    }
}
