package dev.atrium.registry.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keys of the tenant in scope, inside the transaction that is open. By the database's clock, so
 * that registries need not agree about the time.
 */
@Component
class KeyStore {
    /**
     * Takes over a key that was released or is too old, in the turn that the claim names: a claim
     * that comes late names one that has passed.
     */
    private static final String CLAIM =
            """
            INSERT INTO idempotency_key AS k (tenant_id, key_mac, fingerprint_mac, state, call_id,
                gateway_id, incarnation, over_by, expires_at)
            VALUES (current_tenant(), :key, :fingerprint, 'CLAIMED', :call, :gateway, :incarnation,
                now() + :longest * interval '1 millisecond', now() + :keep * interval '1 second')
            ON CONFLICT (tenant_id, key_mac) DO UPDATE SET
                fingerprint_mac = excluded.fingerprint_mac, state = excluded.state,
                call_id = excluded.call_id, gateway_id = excluded.gateway_id,
                incarnation = excluded.incarnation, over_by = excluded.over_by, status = NULL,
                content_type = NULL, reply = NULL, created_at = excluded.created_at,
                expires_at = excluded.expires_at, turn = gen_random_uuid()
            WHERE (k.expires_at <= now() OR k.state = 'RELEASED')
              AND k.call_id <> excluded.call_id
              AND k.turn IS NOT DISTINCT FROM CAST(:turn AS uuid)
            """;

    /**
     * Leaves a trace, which a claim that was overtaken by this runs into. The turn of a key that is
     * free passes as well: the claim may name it.
     */
    private static final String RELEASE =
            """
            INSERT INTO idempotency_key AS k (tenant_id, key_mac, state, call_id, gateway_id,
                expires_at)
            VALUES (current_tenant(), :key, 'RELEASED', :call, :gateway, now() + interval '5 minutes')
            ON CONFLICT (tenant_id, key_mac) DO UPDATE SET
                state = 'RELEASED', call_id = excluded.call_id,
                gateway_id = excluded.gateway_id, status = NULL, content_type = NULL,
                reply = NULL, expires_at = excluded.expires_at, turn = gen_random_uuid()
            WHERE (k.call_id = excluded.call_id AND k.state = 'CLAIMED')
               OR (k.call_id <> excluded.call_id
                   AND (k.state = 'RELEASED' OR k.expires_at <= now()))
            """;

    private static final String END =
            """
            UPDATE idempotency_key
            SET state = :state, status = :status, content_type = :type, reply = :reply
            WHERE tenant_id = current_tenant() AND key_mac = :key AND call_id = :call
              AND state IN ('CLAIMED', 'UNKNOWN')
            """;

    /**
     * A call that wants a key.
     *
     * @param turn null for a key that nobody had
     */
    record Claim(
            byte[] key,
            byte[] fingerprint,
            UUID call,
            UUID gateway,
            UUID incarnation,
            Duration longest,
            Duration keep,
            @Nullable UUID turn) {}

    private final JdbcClient jdbc;

    KeyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @return whether the key belongs to this call now, and did not before
     */
    boolean claim(Claim claim) {
        return jdbc.sql(CLAIM)
                        .param("key", claim.key())
                        .param("fingerprint", claim.fingerprint())
                        .param("call", claim.call())
                        .param("gateway", claim.gateway())
                        .param("incarnation", claim.incarnation())
                        .param("longest", claim.longest().toMillis())
                        .param("keep", claim.keep().toSeconds())
                        .param("turn", claim.turn())
                        .update()
                == 1;
    }

    Optional<KnownKey> find(byte[] key) {
        return jdbc.sql(
                        """
                        SELECT *, coalesce(over_by <= now(), true) AS overdue,
                               expires_at <= now() AS expired
                        FROM idempotency_key
                        WHERE tenant_id = current_tenant() AND key_mac = ?
                        """)
                .param(key)
                .query(KeyStore::known)
                .optional();
    }

    boolean release(byte[] key, UUID call, UUID gateway) {
        return jdbc.sql(RELEASE)
                        .param("key", key)
                        .param("call", call)
                        .param("gateway", gateway)
                        .update()
                == 1;
    }

    /** A call's own word counts even after it was given up. */
    boolean end(
            byte[] key,
            UUID call,
            KnownKey.State state,
            @Nullable Integer status,
            @Nullable String contentType,
            byte @Nullable [] reply) {
        return jdbc.sql(END)
                        .param("state", state.name())
                        .param("status", status)
                        .param("type", contentType)
                        .param("reply", reply)
                        .param("key", key)
                        .param("call", call)
                        .update()
                == 1;
    }

    /** Sealed replies of the tenant in scope; lengths are known without reading them. */
    long keptBytes() {
        return jdbc.sql(
                        """
                        SELECT coalesce(sum(octet_length(reply)), 0) FROM idempotency_key
                        WHERE tenant_id = current_tenant() AND reply IS NOT NULL
                        """)
                .query(Long.class)
                .single();
    }

    private static KnownKey known(ResultSet row, int number) throws SQLException {
        return new KnownKey(
                KnownKey.State.valueOf(row.getString("state")),
                row.getObject("call_id", UUID.class),
                row.getBytes("fingerprint_mac"),
                row.getObject("gateway_id", UUID.class),
                row.getObject("incarnation", UUID.class),
                row.getBoolean("overdue"),
                row.getBoolean("expired"),
                row.getObject("turn", UUID.class),
                row.getInt("status"),
                row.getString("content_type"),
                row.getBytes("reply"));
    }
}
