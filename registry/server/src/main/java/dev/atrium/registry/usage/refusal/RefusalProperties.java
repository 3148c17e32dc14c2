package dev.atrium.registry.usage.refusal;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The log of refused calls.
 *
 * @param retention calls that were refused longer ago are not taken any more; a day later their day
 *     is dropped
 */
@ConfigurationProperties("atrium.registry.usage.refusal")
record RefusalProperties(@DefaultValue("7d") Duration retention) {
    RefusalProperties {
        if (retention.compareTo(Duration.ofDays(1)) < 0
                || retention.compareTo(Duration.ofDays(400)) > 0) {
            throw new IllegalArgumentException(
                    "atrium.registry.usage.refusal.retention must be 1d to 400d");
        }
    }
}
