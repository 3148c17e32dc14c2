package dev.atrium.registry.api.webhook;

/**
 * A webhook and its new secret, which is shown this once.
 *
 * @param secret its UTF-8 bytes are the key of every signature
 */
public record CreatedWebhook(Webhook webhook, String secret) {}
