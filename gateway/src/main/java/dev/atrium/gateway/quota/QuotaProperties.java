package dev.atrium.gateway.quota;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How quotas are enforced.
 *
 * @param longestWait how long a call that finds nothing left here waits for the registry
 * @param maxWaiting most calls that wait for one policy; more are answered 503
 * @param renewInterval how often leases in use are renewed
 * @param idleReturn what no call has taken for so long is given back
 * @param ahead demand that is fetched ahead, in time
 * @param recallWait how long the registry may hold the question for recalls
 * @param leastCompute where compute time is limited: the shortest deadline a call is made with
 * @param limitsCache how long an answer of {@code GET /v1/limits} is used again
 */
@Validated
@ConfigurationProperties("atrium.gateway.quota")
record QuotaProperties(
        @NotNull @DefaultValue("250ms") Duration longestWait,
        @Positive @DefaultValue("1000") int maxWaiting,
        @NotNull @DefaultValue("5s") Duration renewInterval,
        @NotNull @DefaultValue("10s") Duration idleReturn,
        @NotNull @DefaultValue("2s") Duration ahead,
        @NotNull @DefaultValue("10s") Duration recallWait,
        @NotNull @DefaultValue("100ms") Duration leastCompute,
        @NotNull @DefaultValue("1s") Duration limitsCache) {
    QuotaProperties renewing(Duration every) {
        return new QuotaProperties(
                longestWait,
                maxWaiting,
                every,
                idleReturn,
                ahead,
                recallWait,
                leastCompute,
                limitsCache);
    }

    QuotaProperties {
        if (recallWait.compareTo(Duration.ofSeconds(25)) > 0) {
            throw new IllegalArgumentException(
                    "atrium.gateway.quota.recall-wait is "
                            + recallWait
                            + "; the registry holds a poll at most 25 s");
        }
    }
}
