package dev.atrium.registry.usage;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the ledger takes.
 *
 * @param retention calls older than this are not posted any more
 * @param future calls that claim to be younger than now by more than this are not posted
 * @param partitionsAhead how many days ahead there is room for
 * @param silence how long after a call began its nodes may still speak of it; when all have shipped
 *     past that, what nobody spoke of never happened
 * @param deadNodePatience how long the unfinished account of a dead node is waited for
 */
@ConfigurationProperties("atrium.registry.usage")
record UsageProperties(
        @DefaultValue("400d") Duration retention,
        @DefaultValue("1d") Duration future,
        @DefaultValue("7") int partitionsAhead,
        @DefaultValue("60s") Duration silence,
        @DefaultValue("1h") Duration deadNodePatience) {}
