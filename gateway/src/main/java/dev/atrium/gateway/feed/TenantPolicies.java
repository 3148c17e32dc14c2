package dev.atrium.gateway.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The quota policies of one tenant, found by whom they are for: a tenant may have one for each of
 * ten thousand keys, and a call must not look through those of others.
 *
 * @see "docs/adr/0020-limits-for-each-key.md"
 */
public final class TenantPolicies {
    private static final Comparator<FeedPolicy> BY_ID =
            Comparator.comparing(policy -> policy.id().value());

    static final TenantPolicies NONE = new TenantPolicies(List.of());

    private final List<FeedPolicy> all;

    /** For every project and key; each of the lists is in the order of ids. */
    private final List<FeedPolicy> general = new ArrayList<>();

    private final Map<ProjectId, List<FeedPolicy>> byProject = new HashMap<>();
    private final Map<String, List<FeedPolicy>> byKey = new HashMap<>();

    TenantPolicies(Collection<FeedPolicy> policies) {
        this.all = policies.stream().sorted(BY_ID).toList();
        all.forEach(policy -> listOf(policy).add(policy));
    }

    private List<FeedPolicy> listOf(FeedPolicy policy) {
        ProjectId project = policy.subject().projectId();
        String key = policy.subject().apiKeyId();
        if (key != null) {
            return byKey.computeIfAbsent(key, id -> new ArrayList<>(1));
        }
        return project == null
                ? general
                : byProject.computeIfAbsent(project, id -> new ArrayList<>(1));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Of all subjects. */
    public List<FeedPolicy> all() {
        return all;
    }

    /** Those that count a call, in the order of their ids, which every call takes them in. */
    public List<FeedPolicy> covering(ProjectId project, String principalId, ModelName called) {
        List<FeedPolicy> covering = concerning(project, principalId);
        covering.removeIf(policy -> !policy.subject().covers(project, principalId, called));
        return covering;
    }

    /** Those that could count calls of this caller, whatever model it calls. */
    public List<FeedPolicy> concerning(ProjectId project, String principalId) {
        List<FeedPolicy> ofProject = byProject.getOrDefault(project, List.of());
        List<FeedPolicy> ofKey = byKey.getOrDefault(principalId, List.of());
        List<FeedPolicy> concerning =
                new ArrayList<>(general.size() + ofProject.size() + ofKey.size());
        concerning.addAll(general);
        concerning.addAll(ofProject);
        concerning.addAll(ofKey);
        if (concerning.size() > general.size()) {
            concerning.sort(BY_ID);
        }
        return concerning;
    }
}
