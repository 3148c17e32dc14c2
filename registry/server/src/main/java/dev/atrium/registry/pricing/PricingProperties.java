package dev.atrium.registry.pricing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of what people may set.
 *
 * @param maxPerList most prices of one list that are in effect or will be; each gateway holds them
 */
@ConfigurationProperties("atrium.registry.pricing")
record PricingProperties(@DefaultValue("5000") int maxPerList) {}
