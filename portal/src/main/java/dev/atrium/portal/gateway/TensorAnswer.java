package dev.atrium.portal.gateway;

import java.time.Duration;

/**
 * What an inference call answered.
 *
 * @param body the JSON, indented
 */
public record TensorAnswer(String body, Duration took, String requestId) {}
