package dev.atrium.node.worker;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.EngineException;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended in the worker.
 *
 * @param started whether it ever reached the worker
 * @param failure null when it was answered
 */
public record Ending(boolean started, NodeUsage usage, @Nullable EngineException failure) {}
