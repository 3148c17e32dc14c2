package dev.atrium.portal.home;

import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.portal.quota.CloseQuotas;
import dev.atrium.portal.quota.RequestNotes;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryQuotas;
import dev.atrium.portal.registry.RegistryRequests;
import dev.atrium.portal.registry.RegistryUsage;
import dev.atrium.portal.usage.UsagePreview;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Collects what the first page shows, as far as the user's role allows. */
@Component
class Overviews {
    private static final Logger log = LoggerFactory.getLogger(Overviews.class);

    private final RegistryModels models;
    private final RegistryDeployments deployments;
    private final RegistryApiKeys keys;
    private final RegistryUsage usage;
    private final RegistryQuotas quotas;
    private final RegistryRequests requests;
    private final GatewayClient gateway;
    private final Clock clock;

    Overviews(
            RegistryModels models,
            RegistryDeployments deployments,
            RegistryApiKeys keys,
            RegistryUsage usage,
            RegistryQuotas quotas,
            RegistryRequests requests,
            GatewayClient gateway,
            Clock clock) {
        this.models = models;
        this.deployments = deployments;
        this.keys = keys;
        this.usage = usage;
        this.quotas = quotas;
        this.requests = requests;
        this.gateway = gateway;
        this.clock = clock;
    }

    Overview load(Me me) {
        List<Model> visible = may(me, Scope.MODELS_READ) ? models.choices(null).items() : List.of();
        Set<String> ready = visible.isEmpty() ? Set.of() : readyModels();
        List<UsageBucket> hours = may(me, Scope.USAGE_READ) ? lastHours() : List.of();
        return new Overview(
                visible.size(),
                visible.stream().filter(Model::own).count(),
                visible.stream().filter(model -> ready.contains(model.name().toString())).count(),
                may(me, Scope.KEYS_MANAGE) ? Optional.of(activeKeys()) : Optional.empty(),
                hours,
                closeLimits(me),
                may(me, Scope.USAGE_READ)
                        ? RequestNotes.answers(requests.mine(null).items())
                        : List.of(),
                waiting(me),
                example(visible, ready));
    }

    /** What the gateway would answer for; what the registry has placed while it is away. */
    private Set<String> readyModels() {
        try {
            return gateway.callableModels();
        } catch (GatewayException e) {
            log.warn("Counting own deployments only: {}", e.getMessage());
            return deployments.all().stream()
                    .filter(deployment -> deployment.ready() > 0)
                    .map(Deployment::model)
                    .map(Object::toString)
                    .collect(Collectors.toSet());
        }
    }

    private List<UsageBucket> lastHours() {
        Instant now = clock.instant();
        return usage.hourly(UsagePreview.from(now), now, UsageGrouping.NONE);
    }

    private List<PolicyStatus> closeLimits(Me me) {
        return may(me, Scope.USAGE_READ) || may(me, Scope.QUOTA_ADMIN)
                ? CloseQuotas.among(quotas.own().closest())
                : List.of();
    }

    private RequestNotes.Waiting waiting(Me me) {
        return new RequestNotes.Waiting(
                may(me, Scope.QUOTA_ADMIN) ? requests.own().open(Origin.TENANT) : 0,
                may(me, Scope.PLATFORM_ADMIN) ? requests.all().open(Origin.PLATFORM) : 0);
    }

    private long activeKeys() {
        Instant now = clock.instant();
        return keys.all().stream().filter(key -> isActive(key, now)).count();
    }

    private static boolean isActive(ApiKey key, Instant now) {
        return key.revokedAt() == null && (key.expiresAt() == null || key.expiresAt().isAfter(now));
    }

    /** A model that answers, best one whose call fits on a few lines. */
    private static Optional<Model> example(List<Model> visible, Set<String> ready) {
        return visible.stream()
                .min(
                        Comparator.comparing(
                                        (Model model) -> !ready.contains(model.name().toString()))
                                .thenComparing(model -> model.task() != Task.TEXT_EMBEDDING)
                                .thenComparing(model -> model.task() == Task.TENSORS));
    }

    private static boolean may(Me me, Scope scope) {
        return me.scopes().contains(scope.wireName());
    }
}
