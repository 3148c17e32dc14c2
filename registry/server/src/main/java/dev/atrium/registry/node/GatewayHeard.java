package dev.atrium.registry.node;

import java.util.UUID;

/**
 * A life of a gateway's process has spoken. Published before it is answered, and it asks for
 * nothing else before that: who notes lives by this knows each before the gateway's next one.
 */
public record GatewayHeard(UUID gateway, UUID incarnation) {}
