package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.UUID;

/**
 * The joined member's id and first credential ({@code atm_…}), sent as bearer token from now on.
 *
 * @param registryTime the registry's clock, for the offset
 */
public record Joined(UUID memberId, String credential, Instant registryTime) {}
