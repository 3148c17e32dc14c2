package dev.atrium.portal.fake;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Limits of every sort, some close, one used up. */
public final class SampleQuotas {
    private final FakeState state;

    private SampleQuotas(FakeState state) {
        this.state = state;
    }

    public static void fill(FakeState state) {
        new SampleQuotas(state).fill();
    }

    /** A policy of acme for its tokens a day. */
    public static PolicyStatus tokensPerDay(FakeState state, String name, long amount, long used) {
        return FakeQuotas.status(
                state,
                policy(
                        state.acme,
                        name,
                        PolicySubject.TENANT,
                        Unit.TOKENS,
                        Window.DAY,
                        amount,
                        null,
                        Mode.HARD,
                        Origin.TENANT),
                used,
                0,
                0,
                0);
    }

    /** The same policy as if somebody had changed its amount. */
    public static void changeMeanwhile(FakeState state, PolicyStatus status, long amount) {
        var change =
                new dev.atrium.registry.api.quota.UpdatePolicy(
                        status.policy().revision(), null, amount, null, null, null);
        state.policies.replaceAll(each ->
                each == status
                        ? FakeQuotas.status(
                                state,
                                FakeQuotas.changed(status.policy(), change),
                                status.used(),
                                0,
                                0,
                                0)
                        : each);
    }

    private void fill() {
        var key = new PolicySubject(null, state.apiKeys.get(0).id(), null);
        var notebook = new PolicySubject(null, state.apiKeys.get(1).id(), null);
        var project = new PolicySubject(state.project.id(), null, null);
        var model = new PolicySubject(null, null, SampleData.TINYCHAT);
        Tenant acme = state.acme;
        PolicyStatus tokens =
                add(
                        acme,
                        "Tokens a day",
                        PolicySubject.TENANT,
                        Unit.TOKENS,
                        Window.DAY,
                        1_000_000,
                        null,
                        Mode.HARD,
                        Origin.PLATFORM,
                        862_140,
                        41_000,
                        12_500,
                        0);
        PolicyStatus spent =
                add(
                        acme,
                        "Notebook requests",
                        notebook,
                        Unit.REQUESTS,
                        Window.HOUR,
                        1_000,
                        null,
                        Mode.HARD,
                        Origin.TENANT,
                        1_000,
                        0,
                        0,
                        37);
        add(
                acme,
                "Chat compute",
                model,
                Unit.COMPUTE_MILLIS,
                Window.MONTH,
                36_000_000,
                null,
                Mode.SOFT,
                Origin.TENANT,
                9_432_000,
                60_000,
                0,
                0);
        add(
                acme,
                "Default project, in total",
                project,
                Unit.OUTPUT_TOKENS,
                Window.LIFETIME,
                50_000_000,
                null,
                Mode.DRY_RUN,
                Origin.TENANT,
                4_100_220,
                8_192,
                0,
                3);
        add(
                acme,
                "Billing pace",
                key,
                Unit.REQUESTS,
                Window.MINUTE,
                600,
                50L,
                Mode.HARD,
                Origin.TENANT,
                0,
                0,
                0,
                12);
        add(
                acme,
                "Calls at once",
                PolicySubject.TENANT,
                Unit.CONCURRENCY,
                Window.NONE,
                32,
                null,
                Mode.HARD,
                Origin.PLATFORM,
                0,
                9,
                0,
                0);
        add(
                state.globex,
                "Free tier",
                PolicySubject.TENANT,
                Unit.TOKENS,
                Window.MONTH,
                200_000,
                null,
                Mode.HARD,
                Origin.PLATFORM,
                188_000,
                4_000,
                0,
                0);
        Instant now = Instant.now();
        event(spent, 100, 1_000, now.minus(Duration.ofMinutes(11)));
        event(spent, 80, 800, now.minus(Duration.ofMinutes(27)));
        event(tokens, 80, 800_212, now.minus(Duration.ofHours(2)));
    }

    private PolicyStatus add(
            Tenant tenant,
            String name,
            PolicySubject subject,
            Unit unit,
            Window window,
            long amount,
            Long burst,
            Mode mode,
            Origin origin,
            long used,
            long reserved,
            long unreconciled,
            long refused) {
        Policy policy = policy(tenant, name, subject, unit, window, amount, burst, mode, origin);
        PolicyStatus status =
                FakeQuotas.status(state, policy, used, reserved, unreconciled, refused);
        state.policies.add(status);
        return status;
    }

    private static Policy policy(
            Tenant tenant,
            String name,
            PolicySubject subject,
            Unit unit,
            Window window,
            long amount,
            Long burst,
            Mode mode,
            Origin origin) {
        Instant made = Instant.now().minus(Duration.ofDays(6));
        return new Policy(
                new PolicyId(UUID.randomUUID()),
                tenant.id(),
                name,
                subject,
                unit,
                window,
                amount,
                burst,
                mode,
                80,
                origin,
                "Ada Lovelace",
                made,
                made,
                0,
                null,
                null);
    }

    private void event(PolicyStatus status, int threshold, long used, Instant at) {
        Policy policy = status.policy();
        state.quotaEvents.add(
                new QuotaEvent(
                        UUID.randomUUID(),
                        policy.id(),
                        policy.name(),
                        at.minus(Duration.ofHours(1)),
                        threshold,
                        used,
                        policy.amount(),
                        at));
    }
}
