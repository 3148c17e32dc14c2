/**
 * Which calls of one model go to its worker next, and which of them together: bounded in calls and
 * bytes, fair between tenants by what their calls cost, joined into batches where the model allows
 * it. Knows nothing of processes and frames, and decides everything under one short lock per model.
 *
 * @see "docs/adr/0022-batches-and-fairness.md"
 */
@NullMarked
package dev.atrium.node.worker.queue;

import org.jspecify.annotations.NullMarked;
