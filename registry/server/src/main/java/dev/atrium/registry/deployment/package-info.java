/**
 * Versions wanted at a size, and the placements that make it true: the scheduler gives nodes work,
 * heartbeats say what became of it, and gateways learn of exactly those replicas that are READY on
 * a living node. Nodes fetch the files of their placements here and nothing else.
 */
@NullMarked
package dev.atrium.registry.deployment;

import org.jspecify.annotations.NullMarked;
