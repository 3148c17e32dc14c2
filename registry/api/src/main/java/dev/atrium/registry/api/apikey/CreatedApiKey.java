package dev.atrium.registry.api.apikey;

/** The new key; {@code secret} is the whole {@code atr_…} string and appears here once. */
public record CreatedApiKey(ApiKey apiKey, String secret) {}
