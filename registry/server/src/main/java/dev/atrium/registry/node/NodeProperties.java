package dev.atrium.registry.node;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Members and how long they may be silent.
 *
 * @param joinTokens one-use tokens known at start, each {@code GATEWAY:token} or {@code NODE:token}
 * @param nodeSilence a node that was not heard of for this long is dead
 * @param gatewaySilence a gateway that was not heard of for this long is dead
 * @param joinTokensValid how long tokens known at start can be used
 */
@ConfigurationProperties("atrium.registry.node")
record NodeProperties(
        @DefaultValue List<String> joinTokens,
        @DefaultValue("10s") Duration nodeSilence,
        @DefaultValue("30s") Duration gatewaySilence,
        @DefaultValue("365d") Duration joinTokensValid) {
    NodeProperties {
        joinTokens = List.copyOf(joinTokens);
    }
}
