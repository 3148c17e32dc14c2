/**
 * The node's own endpoints: only calls with a grant made for this node and version are answered,
 * each once, and none after its deadline. Owns the grant checks, the JSON of the Open Inference
 * Protocol and the journalling of every attempt; what is computed, a worker computes.
 */
@NullMarked
package dev.atrium.node.inference;

import org.jspecify.annotations.NullMarked;
