package dev.atrium.portal.fake;

import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest.Outcome;
import dev.atrium.registry.api.quota.RequestState;
import java.time.Duration;
import java.time.Instant;

/** Requests for more in every state. */
public final class SampleRequests {
    private static final String GRACE = "user:grace@acme.example";

    private SampleRequests() {}

    public static void fill(FakeState state) {
        Instant now = Instant.now();
        ask(state, "Notebook requests", 5_000, GRACE, "The notebook course begins on Monday.");
        ask(
                state,
                "Free tier",
                1_000_000,
                "user:hank@globex.example",
                "We evaluate three models side by side.\nTwo weeks will do.");
        ask(
                state,
                "Tokens a day",
                3_000_000,
                FakeRequests.ME,
                "Nightly evaluation of all branches.");
        add(
                state,
                FakeRequests.closed(
                        open(state, "Chat compute", 72_000_000, FakeRequests.ME, "Load test"),
                        RequestState.TRIMMED,
                        new Outcome(
                                GRACE,
                                now.minus(Duration.ofHours(3)),
                                "Half of it, for the week of the test.",
                                54_000_000L,
                                now.plus(Duration.ofDays(4)),
                                null,
                                false)));
        add(
                state,
                FakeRequests.closed(
                        open(state, "Calls at once", 64, GRACE, "Ten notebooks at once."),
                        RequestState.DENIED,
                        new Outcome(
                                "user:root@atrium.example",
                                now.minus(Duration.ofDays(1)),
                                "Please use the batch queue.",
                                null,
                                null,
                                null,
                                true)));
    }

    /** An open request of somebody of the policy's tenant. */
    public static QuotaRequest ask(
            FakeState state, String policy, long amount, String by, String reason) {
        QuotaRequest request = open(state, policy, amount, by, reason);
        add(state, request);
        return request;
    }

    /** One that was decided as if by another owner. */
    public static void denyMeanwhile(FakeState state, QuotaRequest request) {
        state.quotaRequests.replaceAll(each ->
                each.id().equals(request.id())
                        ? FakeRequests.closed(
                                request,
                                RequestState.DENIED,
                                new Outcome(GRACE, Instant.now(), "No.", null, null, null, false))
                        : each);
    }

    public static String me() {
        return FakeRequests.ME;
    }

    private static void add(FakeState state, QuotaRequest request) {
        state.quotaRequests.add(request);
    }

    private static QuotaRequest open(
            FakeState state, String policy, long amount, String by, String reason) {
        PolicyStatus status =
                state.policies.stream()
                        .filter(each -> each.policy().name().equals(policy))
                        .findFirst()
                        .orElseThrow();
        return FakeRequests.open(status, amount, reason, by);
    }
}
