package dev.atrium.registry.api.pricing;

/**
 * Asks for a price list. The first one becomes everybody's.
 *
 * @param currency ISO 4217
 */
public record CreatePriceList(String name, String currency) {}
