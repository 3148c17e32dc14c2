package dev.atrium.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What goes to the node, the same for every attempt.
 *
 * @param path a template of {@code NodeProtocol}
 * @param body JSON
 * @param maxOutputTokens bound for generation, part of the grant; null where it does not apply
 */
public record NodeRequest(String path, byte[] body, @Nullable Integer maxOutputTokens) {}
