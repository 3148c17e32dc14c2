package dev.atrium.node.engine;

/** Tokens of a generation so far, as we counted them. */
public record ChatUsage(long inputTokens, long outputTokens) {}
