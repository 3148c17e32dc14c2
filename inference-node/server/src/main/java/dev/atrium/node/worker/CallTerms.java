package dev.atrium.node.worker;

import java.util.UUID;

/**
 * Who calls, and what was agreed.
 *
 * @param tenant whose turn the call takes among those that wait
 * @param onStart runs right before the worker gets the call; when it throws, it does not get it
 */
public record CallTerms(UUID tenant, Deadline deadline, Runnable onStart) {}
