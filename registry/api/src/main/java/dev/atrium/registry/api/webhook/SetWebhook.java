package dev.atrium.registry.api.webhook;

/**
 * Asks to be told there from now on.
 *
 * @param url https, of a public address
 */
public record SetWebhook(String url) {}
