package dev.atrium.portal.home;

import dev.atrium.portal.quota.RequestNotes;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.usage.UsageBucket;
import java.util.List;
import java.util.Optional;

/**
 * How the tenant is doing.
 *
 * @param activeKeys empty for those who may not see keys
 * @param hours usage of the last 24 hours
 * @param closeLimits the closest first; none for those who may not see them
 * @param answers to the user's requests for more, not taken note of yet
 * @param waiting requests for more that the user could decide
 * @param example a model to show a call with
 */
record Overview(
        long visibleModels,
        long ownModels,
        long readyModels,
        Optional<Long> activeKeys,
        List<UsageBucket> hours,
        List<PolicyStatus> closeLimits,
        List<QuotaRequest> answers,
        RequestNotes.Waiting waiting,
        Optional<Model> example) {

    long calls() {
        return hours.stream().mapToLong(UsageBucket::calls).sum();
    }

    /** Calls among them that did not end well. */
    long failed() {
        return hours.stream().mapToLong(UsageBucket::failedCalls).sum();
    }
}
