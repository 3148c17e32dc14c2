package dev.atrium.registry.pricing;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * By which price a call is paid: by the one that its gateway fixed when it opened the call; where
 * that knew of none, by the one that was in effect then. In a transaction of the platform.
 */
@Service
public class CallPrices {
    /**
     * @param fixed null where the gateway knew of none
     */
    public record Call(
            UUID callId,
            @Nullable PriceId fixed,
            TenantId tenant,
            ModelName model,
            int version,
            Instant openedAt) {}

    private static final int MOST_KEPT = 10_000;

    private static final String IN_EFFECT =
            """
            SELECT k.call_id, p.*
            FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::integer[], ?::timestamptz[])
                     AS k(call_id, tenant_id, model_name, version, at)
                 LEFT JOIN LATERAL (
                     SELECT l.id, l.currency FROM (
                         SELECT list_id FROM price_assignment a
                         WHERE a.tenant_id = k.tenant_id AND a.since <= k.at
                         ORDER BY a.since DESC, a.id DESC LIMIT 1) a
                         JOIN price_list l ON l.id = a.list_id) own ON true
                 LEFT JOIN LATERAL (
                     SELECT l.id, l.currency FROM (
                         SELECT list_id FROM price_assignment a
                         WHERE a.tenant_id IS NULL AND a.since <= k.at
                         ORDER BY a.since DESC, a.id DESC LIMIT 1) a
                         JOIN price_list l ON l.id = a.list_id) general
                     ON own.id IS NULL OR general.currency = own.currency
                 JOIN LATERAL (
                     SELECT p.id, coalesce(own.currency, general.currency) AS currency, p.requests,
                            p.input_tokens, p.output_tokens, p.compute_millis, p.images,
                            p.audio_millis, p.free_requests, p.free_input_tokens,
                            p.free_output_tokens, p.free_compute_millis, p.free_images,
                            p.free_audio_millis
                     FROM price p
                     WHERE p.list_id IN (own.id, general.id) AND p.withdrawn_at IS NULL
                       AND p.effective_from <= k.at
                       AND (p.model_name IS NULL OR (p.model_name = k.model_name
                            AND (p.version IS NULL OR p.version = k.version)))
                     ORDER BY (p.list_id = own.id) IS TRUE DESC, p.version IS NOT NULL DESC,
                              p.model_name IS NOT NULL DESC, p.effective_from DESC
                     LIMIT 1) p ON true
            """;

    private final JdbcClient platform;
    private final Map<PriceId, Price> known = new ConcurrentHashMap<>();

    CallPrices(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** By call ids; a call that has no price is left out. */
    public Map<UUID, Price> of(Collection<Call> calls) {
        Map<PriceId, Price> fixed = fixed(calls);
        Map<UUID, Price> prices = new HashMap<>();
        List<Call> open = new ArrayList<>();
        for (Call call : calls) {
            Price price = call.fixed() == null ? null : fixed.get(call.fixed());
            if (price == null) {
                open.add(call);
            } else {
                prices.put(call.callId(), price);
            }
        }
        if (!open.isEmpty()) {
            addThoseInEffect(open, prices);
        }
        return prices;
    }

    /** A price never changes, so that it is read once. */
    private Map<PriceId, Price> fixed(Collection<Call> calls) {
        Map<PriceId, Price> fixed = new HashMap<>();
        Set<UUID> unknown = new HashSet<>();
        for (Call call : calls) {
            PriceId id = call.fixed();
            if (id != null) {
                Price price = known.get(id);
                if (price == null) {
                    unknown.add(id.value());
                } else {
                    fixed.put(id, price);
                }
            }
        }
        if (!unknown.isEmpty()) {
            List<Price> found = read(unknown);
            if (known.size() + found.size() > MOST_KEPT) {
                known.clear();
            }
            found.forEach(price -> {
                known.put(price.id(), price);
                fixed.put(price.id(), price);
            });
        }
        return fixed;
    }

    private List<Price> read(Set<UUID> ids) {
        return platform.sql(
                        """
                        SELECT p.*, l.currency FROM price p JOIN price_list l ON l.id = p.list_id
                        WHERE p.id = ANY (?)
                        """)
                .param(ids.toArray(UUID[]::new))
                .query(PriceRows::price)
                .list();
    }

    private void addThoseInEffect(List<Call> calls, Map<UUID, Price> prices) {
        platform.sql(IN_EFFECT)
                .params(
                        calls.stream().map(Call::callId).toArray(UUID[]::new),
                        calls.stream().map(call -> call.tenant().value()).toArray(UUID[]::new),
                        calls.stream().map(call -> call.model().toString()).toArray(String[]::new),
                        calls.stream().map(Call::version).toArray(Integer[]::new),
                        // As text: the driver has no arrays of times.
                        calls.stream()
                                .map(call -> call.openedAt().toString())
                                .toArray(String[]::new))
                .query(row -> {
                    prices.put(row.getObject("call_id", UUID.class), PriceRows.price(row, 0));
                });
    }
}
