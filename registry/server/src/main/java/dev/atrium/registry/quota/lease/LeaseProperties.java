package dev.atrium.registry.quota.lease;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long gateways hold what they were granted.
 *
 * @param lifetime how long a lease lasts after its gateway's last word
 * @param recallWait longest wait of a request for what other gateways give back
 * @param maxWait longest that a gateway's question for recalls is held open
 * @param poll how often recalls are looked for where no notification comes
 * @param keepRecalls how long a recall can be read
 */
@ConfigurationProperties("atrium.registry.quota.lease")
record LeaseProperties(
        @DefaultValue("60s") Duration lifetime,
        @DefaultValue("200ms") Duration recallWait,
        @DefaultValue("25s") Duration maxWait,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("1m") Duration keepRecalls) {}
