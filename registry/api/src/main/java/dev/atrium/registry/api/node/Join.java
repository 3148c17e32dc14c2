package dev.atrium.registry.api.node;

import org.jspecify.annotations.Nullable;

/**
 * {@code POST /internal/v1/join}: trades a one-use join token for a credential.
 *
 * @param name what people call it; unique per role, a second join under the name takes it over
 * @param url where gateways reach a node; null for gateways
 */
public record Join(
        String joinToken,
        MemberRole role,
        String name,
        @Nullable String url,
        @Nullable NodeCapacity capacity) {}
