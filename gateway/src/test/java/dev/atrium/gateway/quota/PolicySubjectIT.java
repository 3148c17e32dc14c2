package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits for a project and for a model: what they count, and what goes on beside them. */
class PolicySubjectIT {
    private final LimitedTenant acme = new LimitedTenant();

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = {"DAY", "MINUTE"})
    void refusesTheCallsOfAProjectAndServesThoseOfAnother(Window window) {
        TenantFixture tenant = acme.tenant();
        TenantFixture elsewhere =
                new TenantFixture(tenant.id(), new ProjectId(UUID.randomUUID()), tenant.slug());
        KeyFixture colleague = LimitedTenant.key(tenant);
        KeyFixture neighbour = LimitedTenant.key(elsewhere);
        PolicyId policy = limit(new PolicySubject(tenant.project(), null, null), window);

        List<HttpResponse<String>> counted = List.of(acme.embed(), LimitedTenant.embed(colleague));
        awaitUsed(policy, window);
        HttpResponse<String> refused = acme.embed();
        HttpResponse<String> refusedColleague = LimitedTenant.embed(colleague);
        List<HttpResponse<String>> others =
                List.of(LimitedTenant.embed(neighbour), LimitedTenant.embed(neighbour));

        assertThat(counted).allMatch(answer -> answer.statusCode() == 200);
        assertRefused(refused, window);
        assertRefused(refusedColleague, window);
        assertThat(others)
                .allMatch(answer -> answer.statusCode() == 200)
                .allMatch(answer -> answer.headers().firstValue("RateLimit").isEmpty());
        assertCounted(policy, window);
    }

    @ParameterizedTest
    @EnumSource(names = {"DAY", "MINUTE"})
    void refusesTheCallsOfAModelAndServesThoseOfAnother(Window window) {
        ModelName words = new ModelName(acme.tenant().slug(), "words");
        PolicyId policy = limit(new PolicySubject(null, null, words), window);

        List<HttpResponse<String>> counted = List.of(acme.embed(), acme.embed());
        awaitUsed(policy, window);
        HttpResponse<String> refused = acme.embed();
        HttpResponse<String> other = acme.chat("");

        assertThat(counted).allMatch(answer -> answer.statusCode() == 200);
        assertRefused(refused, window);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.headers().firstValue("RateLimit")).isEmpty();
        assertCounted(policy, window);
    }

    private PolicyId limit(PolicySubject subject, Window window) {
        return acme.limit(subject, Unit.REQUESTS, window, 2, Mode.HARD);
    }

    private static void assertRefused(HttpResponse<String> refused, Window window) {
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains(window.isRate() ? "rate_limit_exceeded" : "insufficient_quota")
                .contains("'test' of 2 requests per " + window.name().toLowerCase());
        UUID call = UUID.fromString(refused.headers().firstValue("x-request-id").orElseThrow());
        assertThat(NODE_A.executionsOf(call)).isEmpty();
    }

    /** A rate counts no use. */
    private static void awaitUsed(PolicyId policy, Window window) {
        long used = window.isRate() ? 0 : 2;
        await().until(() -> LimitedTenant.figures(policy).used() == used);
    }

    private static void assertCounted(PolicyId policy, Window window) {
        await().until(() -> LimitedTenant.figures(policy).refused() > 0);
        awaitUsed(policy, window);
    }
}
