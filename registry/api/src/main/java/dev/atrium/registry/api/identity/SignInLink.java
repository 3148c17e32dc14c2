package dev.atrium.registry.api.identity;

import java.time.Instant;

/** A link that signs its bearer in once, then is used up. */
public record SignInLink(String url, Instant expiresAt) {}
