package dev.atrium.registry.api.pricing;

/**
 * An amount of money.
 *
 * @param micros millionths of the currency's unit
 * @param currency ISO 4217
 */
public record Cost(long micros, String currency) {}
