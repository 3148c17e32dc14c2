package dev.atrium.gateway.feed;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway follows the registry.
 *
 * @param maxStaleness how long calls are served without hearing from the registry; also the bound
 *     of revocation while it is out of reach
 * @param pollWait how long the registry may hold a poll that has nothing new
 */
@Validated
@ConfigurationProperties("atrium.gateway.feed")
record FeedProperties(
        @NotNull @DefaultValue("60s") Duration maxStaleness,
        @NotNull @DefaultValue("10s") Duration pollWait) {
    FeedProperties {
        if (pollWait.compareTo(Duration.ofSeconds(25)) > 0) {
            throw new IllegalArgumentException(
                    "atrium.gateway.feed.poll-wait is "
                            + pollWait
                            + "; the registry holds a poll at most 25 s");
        }
        if (pollWait.compareTo(maxStaleness) >= 0) {
            throw new IllegalArgumentException(
                    "atrium.gateway.feed.poll-wait ("
                            + pollWait
                            + ") must be shorter than atrium.gateway.feed.max-staleness ("
                            + maxStaleness
                            + "), or a quiet registry would look like a lost one");
        }
    }
}
