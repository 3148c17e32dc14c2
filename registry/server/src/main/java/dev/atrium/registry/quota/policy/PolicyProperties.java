package dev.atrium.registry.quota.policy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of what people may set.
 *
 * @param maxPerTenant most policies of one tenant; every call passes all that cover it
 * @param maxForEach most that plans make for each project and key of one tenant; gateways know all
 *     of them
 */
@ConfigurationProperties("atrium.registry.quota.policy")
record PolicyProperties(
        @DefaultValue("200") int maxPerTenant, @DefaultValue("10000") int maxForEach) {}
