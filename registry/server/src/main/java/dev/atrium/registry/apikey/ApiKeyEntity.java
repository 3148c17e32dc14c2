package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

@Entity
@Table(name = "api_key")
class ApiKeyEntity implements Persistable<String> {
    @Id private String id;
    private UUID tenantId;
    private UUID projectId;
    private String name;
    private String hint;
    private String secretHash;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(columnDefinition = "text[]")
    private String[] scopes;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(columnDefinition = "text[]")
    private String[] allowedModels;

    private int requestsPerMinute;
    private String createdBy;
    private Instant createdAt;
    private @Nullable Instant expiresAt;
    private @Nullable Instant revokedAt;
    private @Nullable String label;

    @Column(insertable = false, updatable = false)
    private @Nullable Instant lastUsedAt;

    @SuppressWarnings("NullAway.Init")
    protected ApiKeyEntity() {}

    ApiKeyEntity(NewApiKey key) {
        this.id = key.id();
        this.tenantId = key.tenantId().value();
        this.projectId = key.projectId().value();
        this.name = key.name();
        this.hint = key.hint();
        this.secretHash = key.secretHash();
        this.scopes = key.scopes().toArray(String[]::new);
        this.allowedModels = key.allowedModels().toArray(String[]::new);
        this.requestsPerMinute = key.requestsPerMinute();
        this.createdBy = key.createdBy();
        this.createdAt = key.createdAt();
        this.expiresAt = key.expiresAt();
        this.label = key.label();
    }

    @Override
    public String getId() {
        return id;
    }

    /**
     * Only a fresh key is ever saved; later changes are flushed, so no look-up is needed before.
     */
    @Override
    public boolean isNew() {
        return true;
    }

    Instant createdAt() {
        return createdAt;
    }

    String name() {
        return name;
    }

    boolean isRevoked() {
        return revokedAt != null;
    }

    void revoke(Instant now) {
        this.revokedAt = now;
    }

    void relabel(@Nullable String wished) {
        this.label = wished;
    }

    ApiKey toApiKey() {
        return new ApiKey(
                id,
                name,
                hint,
                List.of(scopes),
                List.of(allowedModels),
                requestsPerMinute,
                createdAt,
                expiresAt,
                revokedAt,
                lastUsedAt,
                createdBy,
                label);
    }

    FeedApiKey toFeedApiKey() {
        return new FeedApiKey(
                id,
                new TenantId(tenantId),
                new ProjectId(projectId),
                secretHash,
                List.of(scopes),
                List.of(allowedModels),
                requestsPerMinute,
                expiresAt,
                label);
    }
}
