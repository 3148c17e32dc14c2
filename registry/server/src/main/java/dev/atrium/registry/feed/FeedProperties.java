package dev.atrium.registry.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How changes reach gateways.
 *
 * @param pageSize most entries of one answer
 * @param maxWait longest that a gateway's question is held open
 * @param poll how often the log is looked at where no notification comes
 * @param keepTombstones how long a removal stays in the log; who was away longer loads everything
 * @param maxTombstones most removals in the log; beyond it the oldest go sooner, but never within
 *     the ten minutes that a full load may take
 */
@ConfigurationProperties("atrium.registry.feed")
record FeedProperties(
        @DefaultValue("1000") int pageSize,
        @DefaultValue("25s") Duration maxWait,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("1d") Duration keepTombstones,
        @DefaultValue("100000") int maxTombstones) {}
