package dev.atrium.registry.deployment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How deployments become placements.
 *
 * @param maxFailures nodes that a version may fail on before it is given up until it is deployed
 *     again
 * @param retryAfter wait after the first failure before another node is tried; doubles with each
 */
@ConfigurationProperties("atrium.registry.deployment")
record SchedulerProperties(
        @DefaultValue("3") int maxFailures, @DefaultValue("10s") Duration retryAfter) {}
