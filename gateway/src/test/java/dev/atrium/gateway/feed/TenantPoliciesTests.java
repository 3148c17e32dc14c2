package dev.atrium.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TenantPoliciesTests {
    private static final TenantId ACME = new TenantId(UUID.randomUUID());
    private static final ProjectId PROJECT = new ProjectId(UUID.randomUUID());
    private static final ModelName IRIS = ModelName.of("acme/iris");

    private final TestFeed feed = new TestFeed(System::nanoTime);

    @Test
    void findsThoseThatCoverACallInTheOrderOfTheirIds() {
        FeedPolicy ofTenant = put(ACME, PolicySubject.TENANT);
        FeedPolicy ofProject = put(ACME, new PolicySubject(PROJECT, null, null));
        FeedPolicy ofKey = put(ACME, new PolicySubject(null, "mine", null));
        FeedPolicy ofModel = put(ACME, new PolicySubject(null, null, IRIS));
        put(ACME, new PolicySubject(null, "other", null));
        put(ACME, new PolicySubject(new ProjectId(UUID.randomUUID()), null, null));
        put(ACME, new PolicySubject(null, null, ModelName.of("acme/other")));

        List<FeedPolicy> covering = policies(ACME).covering(PROJECT, "mine", IRIS);

        assertThat(covering)
                .containsExactlyInAnyOrder(ofTenant, ofProject, ofKey, ofModel)
                .isSortedAccordingTo(Comparator.comparing(policy -> policy.id().value()));
        assertThat(policies(ACME).concerning(PROJECT, "mine")).hasSize(5);
    }

    @Test
    void looksThroughNoPoliciesOfOtherKeys() {
        List<FeedPolicy> all =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> policy(ACME, new PolicySubject(null, "key" + i, null)))
                        .toList();

        TenantPolicies policies = new TenantPolicies(all);

        assertThat(policies.all()).hasSize(10_000);
        assertThat(policies.concerning(PROJECT, "key77")).containsExactly(all.get(77));
    }

    @Test
    void leavesTenantsAsTheyAreOfWhichNothingCame() {
        TenantId globex = new TenantId(UUID.randomUUID());
        put(globex, PolicySubject.TENANT);
        TenantPolicies ofGlobex = policies(globex);
        FeedPolicy policy = put(ACME, PolicySubject.TENANT);

        assertThat(policies(globex)).isSameAs(ofGlobex);
        feed.put(FeedKind.QUOTA_POLICY, policy.id().toString(), null);
        assertThat(policies(ACME).isEmpty()).isTrue();
        assertThat(policies(globex)).isSameAs(ofGlobex);
    }

    private TenantPolicies policies(TenantId tenant) {
        return feed.feed().snapshot().policies(tenant);
    }

    private FeedPolicy put(TenantId tenant, PolicySubject subject) {
        FeedPolicy policy = policy(tenant, subject);
        feed.put(FeedKind.QUOTA_POLICY, policy.id().toString(), policy);
        return policy;
    }

    private static FeedPolicy policy(TenantId tenant, PolicySubject subject) {
        return new FeedPolicy(
                new PolicyId(UUID.randomUUID()),
                tenant,
                "limit",
                subject,
                Unit.TOKENS,
                Window.DAY,
                100,
                null,
                Mode.HARD,
                null);
    }
}
