package dev.atrium.registry.webhook;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are sent.
 *
 * @param allowLoopback whether http and loopback addresses may be used, for tests on one machine
 * @param connectTimeout longest wait for a connection, and for the next byte
 * @param answerTimeout longest wait for the answer, from the beginning of the attempt
 * @param firstRetry pause after the first failure; each further one doubles it
 * @param longestRetry longest pause
 * @param giveUpAfter age at which an event is given up
 * @param keep how long deliveries can be read
 */
@ConfigurationProperties("atrium.registry.webhook")
record WebhookProperties(
        @DefaultValue("false") boolean allowLoopback,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration answerTimeout,
        @DefaultValue("10s") Duration firstRetry,
        @DefaultValue("6h") Duration longestRetry,
        @DefaultValue("3d") Duration giveUpAfter,
        @DefaultValue("30d") Duration keep) {}
