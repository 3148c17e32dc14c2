package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.node.PlacementOrder;
import java.nio.file.Path;

/** Makes the calls that a version's owner gave for warming it up, as callers would make them. */
public interface WarmUpCalls {
    /**
     * Blocks.
     *
     * @param file {@link dev.atrium.registry.api.catalog.WarmUpFile}
     * @throws dev.atrium.node.engine.EngineException when one does not succeed, in words for the
     *     owner
     * @throws dev.atrium.node.worker.WorkerDiedException when one ends the worker
     */
    void make(HostedModel model, PlacementOrder order, Path file);
}
