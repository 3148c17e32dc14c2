package dev.atrium.registry.quota.policy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of what people may set.
 *
 * @param maxPerTenant most policies of one tenant; every call passes all that cover it
 */
@ConfigurationProperties("atrium.registry.quota.policy")
record PolicyProperties(@DefaultValue("200") int maxPerTenant) {}
