package dev.atrium.portal.gateway;

/**
 * One turn of a conversation.
 *
 * @param role {@code user} or {@code assistant}
 */
public record ChatMessage(String role, String content) {}
