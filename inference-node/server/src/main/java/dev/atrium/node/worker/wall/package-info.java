/**
 * The walls around workers: what keeps a model that means harm away from the node's files, network
 * and processes, and the bounds on what it may take. Finds out by trying which wall this machine
 * can build, says it in words for the people who run it, and puts every worker behind it. Knows
 * nothing of models and calls; whoever starts a process says what it may see.
 *
 * @see "docs/adr/0021-walls.md"
 */
@NullMarked
package dev.atrium.node.worker.wall;

import org.jspecify.annotations.NullMarked;
