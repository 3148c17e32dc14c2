package dev.atrium.registry.api.webhook;

import java.time.Instant;

/** Where a tenant wants to be told. */
public record Webhook(String url, String createdBy, Instant createdAt) {}
