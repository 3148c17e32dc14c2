package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Keys as credentials: who a key is, and when it was last used, over all tenants. */
@Service
public class ApiKeyUse {
    private record Found(String secretHash, Caller caller) {}

    private final JdbcClient platform;
    private final ApiKeyProperties properties;
    private final Clock clock;

    ApiKeyUse(
            @Qualifier("platformJdbc") JdbcClient platform,
            ApiKeyProperties properties,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    /** Who a usable key is; empty for anything else, without saying why. */
    public Optional<Caller> authenticate(String text) {
        Optional<ApiKeyFormat.Parsed> parsed = ApiKeyFormat.parse(text);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        String keyId = parsed.get().keyId();
        byte[] hash = parsed.get().secretHash().getBytes(StandardCharsets.US_ASCII);
        Optional<Caller> caller =
                platform.sql(
                                """
                                SELECT k.id, k.tenant_id, k.project_id, k.secret_hash, k.scopes
                                FROM api_key k JOIN tenant t ON t.id = k.tenant_id
                                WHERE k.id = ? AND k.revoked_at IS NULL AND t.status = 'ACTIVE'
                                  AND (k.expires_at IS NULL OR k.expires_at > ?)
                                """)
                        .params(keyId, atUtc(clock.instant()))
                        .query(ApiKeyUse::found)
                        .optional()
                        .filter(found ->
                                MessageDigest.isEqual(
                                        hash,
                                        found.secretHash().getBytes(StandardCharsets.US_ASCII)))
                        .map(Found::caller);
        caller.ifPresent(ignored -> recordUse(Map.of(keyId, clock.instant())));
        return caller;
    }

    /**
     * Notes when keys were used, by their ids; keeps the newest instant and skips what is within
     * the precision, so that busy keys do not cost a write each time.
     */
    public void recordUse(Map<String, Instant> uses) {
        // One lock order for concurrent writers.
        new TreeMap<>(uses)
                .forEach((keyId, at) ->
                        platform.sql(
                                        """
                                        UPDATE api_key SET last_used_at = ?
                                        WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)
                                        """)
                                .params(
                                        atUtc(at),
                                        keyId,
                                        atUtc(at.minus(properties.lastUsePrecision())))
                                .update());
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        Set<Scope> scopes =
                Arrays.stream((String[]) row.getArray("scopes").getArray())
                        .flatMap(name -> Scope.fromWireName(name).stream())
                        .collect(Collectors.toUnmodifiableSet());
        String id = row.getString("id");
        return new Found(
                row.getString("secret_hash"),
                new Caller(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new ProjectId(row.getObject("project_id", UUID.class)),
                        PrincipalKind.API_KEY,
                        id,
                        scopes,
                        false,
                        "key:" + id));
    }

    private static OffsetDateTime atUtc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
