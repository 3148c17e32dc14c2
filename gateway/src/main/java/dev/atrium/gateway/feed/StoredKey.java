package dev.atrium.gateway.feed;

import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One usable API key in the compact form that a million of them fit in memory with. */
public final class StoredKey {
    private static final long NEVER = Long.MAX_VALUE;

    private final TenantId tenantId;
    private final ProjectId projectId;
    private final byte[] secretHash;
    private final Set<Scope> scopes;
    private final Set<String> allowedModels;
    private final int requestsPerMinute;
    private final long expiresAtMillis;
    private final @Nullable String label;
    final int generation;

    private StoredKey(FeedApiKey key, Interner shared, int generation) {
        this.tenantId = shared.of(key.tenantId());
        this.projectId = shared.of(key.projectId());
        this.secretHash = HexFormat.of().parseHex(key.secretHash());
        this.scopes = shared.of(scopes(key));
        this.allowedModels = shared.of(Set.copyOf(key.allowedModels()));
        this.requestsPerMinute = key.requestsPerMinute();
        this.expiresAtMillis = millis(key.expiresAt());
        this.label = key.label() == null ? null : shared.of(key.label());
        this.generation = generation;
    }

    static StoredKey of(FeedApiKey key, Interner shared, int generation) {
        return new StoredKey(key, shared, generation);
    }

    /** Compares in constant time, so that timing tells nothing about the stored hash. */
    public boolean matches(byte[] sha256) {
        return MessageDigest.isEqual(secretHash, sha256);
    }

    public boolean isExpired(Instant now) {
        return now.toEpochMilli() >= expiresAtMillis;
    }

    public TenantId tenantId() {
        return tenantId;
    }

    public ProjectId projectId() {
        return projectId;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    /** Full names; empty allows every model that the tenant can see. */
    public Set<String> allowedModels() {
        return allowedModels;
    }

    public int requestsPerMinute() {
        return requestsPerMinute;
    }

    /** The cost centre of calls that name none. */
    public @Nullable String label() {
        return label;
    }

    /** A scope that this gateway does not know yet grants nothing here. */
    private static Set<Scope> scopes(FeedApiKey key) {
        EnumSet<Scope> known = EnumSet.noneOf(Scope.class);
        key.scopes().stream()
                .map(Scope::fromWireName)
                .flatMap(Optional::stream)
                .forEach(known::add);
        return Set.copyOf(known);
    }

    private static long millis(@Nullable Instant time) {
        return time == null ? NEVER : time.toEpochMilli();
    }
}
