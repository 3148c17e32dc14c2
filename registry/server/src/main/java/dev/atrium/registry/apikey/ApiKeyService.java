package dev.atrium.registry.apikey;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.apikey.SetLabel;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Labels;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes, lists and revokes the keys of a tenant. */
@Service
public class ApiKeyService {
    private static final List<String> DEFAULT_SCOPES =
            List.of(Scope.INFERENCE_INVOKE.wireName(), Scope.MODELS_READ.wireName());
    private static final int MAX_ALLOWED_MODELS = 200;
    private static final int MAX_NAME = 200;

    private final ApiKeys keys;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;
    private final ApiKeyProperties properties;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    ApiKeyService(
            ApiKeys keys,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging,
            ApiKeyProperties properties,
            ApplicationEventPublisher events,
            Clock clock) {
        this.keys = keys;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.properties = properties;
        this.events = events;
        this.clock = clock;
    }

    /** The only moment at which anybody sees the secret. */
    @Transactional
    public CreatedApiKey create(Caller caller, CreateApiKey wish) {
        String secret = ApiKeyFormat.generate();
        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(secret).orElseThrow();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        ApiKeyEntity key =
                keys.saveAndFlush(
                        new ApiKeyEntity(
                                new NewApiKey(
                                        parsed.keyId(),
                                        caller.tenantId(),
                                        caller.projectId(),
                                        checkedName(wish.name()),
                                        ApiKeyFormat.hint(secret),
                                        parsed.secretHash(),
                                        checkedScopes(caller, wish.scopes()),
                                        checkedModels(wish.allowedModels()),
                                        checkedLimit(wish.requestsPerMinute()),
                                        caller.actor(),
                                        now,
                                        checkedExpiry(wish.expiresAt(), now),
                                        checkedLabel(wish.label()))));
        feed.publish(FeedKind.API_KEY, key.getId(), key.toFeedApiKey());
        audit.record("api_key.created", "api_key:" + key.getId(), key.name());
        events.publishEvent(new ApiKeyCreated(caller.tenantId(), key.getId()));
        return new CreatedApiKey(key.toApiKey(), secret);
    }

    @Transactional(readOnly = true)
    public Page<ApiKey> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("api-keys", request);
        Limit limit = Limit.of(window.fetch());
        List<ApiKeyEntity> rows =
                window.after()
                        .map(position -> after(tenant, position, limit))
                        .orElseGet(() -> keys.newest(tenant.value(), limit));
        return paging.page(
                window, rows, key -> key.createdAt() + " " + key.getId(), ApiKeyEntity::toApiKey);
    }

    private List<ApiKeyEntity> after(TenantId tenant, String position, Limit limit) {
        int space = position.indexOf(' ');
        UUID tenantId = tenant.value();
        Instant createdAt = Instant.parse(position.substring(0, space));
        return keys.newestAfter(tenantId, createdAt, position.substring(space + 1), limit);
    }

    @Transactional(readOnly = true)
    public ApiKey get(TenantId tenant, String id) {
        return find(tenant, id).toApiKey();
    }

    /** Revoking a revoked key changes nothing. */
    @Transactional
    public void revoke(TenantId tenant, String id) {
        ApiKeyEntity key = findToChange(tenant, id);
        if (key.isRevoked()) {
            return;
        }
        key.revoke(clock.instant());
        feed.remove(FeedKind.API_KEY, id);
        audit.record("api_key.revoked", "api_key:" + id, key.name());
    }

    /** Counts for calls from when a gateway hears of it; those before keep what they had. */
    @Transactional
    public ApiKey relabel(TenantId tenant, String id, SetLabel wish) {
        ApiKeyEntity key = findToChange(tenant, id);
        if (key.isRevoked()) {
            // Telling gateways of it would bring it back.
            throw new InvalidRequestException("the key is revoked; its label counts for no call");
        }
        key.relabel(checkedLabel(wish.label()));
        feed.publish(FeedKind.API_KEY, id, key.toFeedApiKey());
        audit.record("api_key.relabelled", "api_key:" + id, key.name());
        return key.toApiKey();
    }

    private ApiKeyEntity findToChange(TenantId tenant, String id) {
        return keys.findToChange(tenant.value(), id).orElseThrow(ApiKeyNotFoundException::new);
    }

    private ApiKeyEntity find(TenantId tenant, String id) {
        return keys.findByTenantIdAndId(tenant.value(), id)
                .orElseThrow(ApiKeyNotFoundException::new);
    }

    private static String checkedName(String name) {
        String trimmed = name.strip();
        if (trimmed.isEmpty() || trimmed.length() > MAX_NAME) {
            throw new InvalidRequestException("'name' must have 1 to " + MAX_NAME + " characters");
        }
        return trimmed;
    }

    private static List<String> checkedScopes(Caller caller, @Nullable List<String> wished) {
        List<String> scopes = wished == null ? DEFAULT_SCOPES : wished;
        if (scopes.isEmpty()) {
            throw new InvalidRequestException("'scopes' is empty: the key could do nothing");
        }
        for (String name : scopes) {
            Scope scope =
                    Scope.fromWireName(name)
                            .orElseThrow(() ->
                                    new InvalidRequestException(
                                            "'scopes' has '" + name + "', unknown here"));
            if (scope == Scope.PLATFORM_ADMIN || !caller.may(scope)) {
                throw new ScopeNotHeldException(name);
            }
        }
        return scopes.stream().distinct().sorted().toList();
    }

    private static List<String> checkedModels(@Nullable List<String> wished) {
        List<String> names = wished == null ? List.of() : wished;
        if (names.size() > MAX_ALLOWED_MODELS) {
            throw new InvalidRequestException(
                    "'allowedModels' has "
                            + names.size()
                            + " names, at most "
                            + MAX_ALLOWED_MODELS);
        }
        try {
            return names.stream().map(ModelName::of).map(ModelName::toString).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("'allowedModels': " + e.getMessage());
        }
    }

    private int checkedLimit(@Nullable Integer wished) {
        int limit = wished == null ? properties.defaultRequestsPerMinute() : wished;
        if (limit < 1 || limit > properties.maxRequestsPerMinute()) {
            throw new InvalidRequestException(
                    "'requestsPerMinute' is "
                            + limit
                            + " but must be 1 to "
                            + properties.maxRequestsPerMinute());
        }
        return limit;
    }

    private static @Nullable String checkedLabel(@Nullable String wished) {
        if (wished != null && !Labels.isValid(wished)) {
            throw new InvalidRequestException("'label' has " + Labels.RULE + ", nothing else");
        }
        return wished;
    }

    private static @Nullable Instant checkedExpiry(@Nullable Instant wished, Instant now) {
        if (wished != null && !wished.isAfter(now)) {
            throw new InvalidRequestException("'expiresAt' is " + wished + ", not in the future");
        }
        return wished == null ? null : wished.truncatedTo(ChronoUnit.MICROS);
    }
}
