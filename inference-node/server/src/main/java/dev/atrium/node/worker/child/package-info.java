/**
 * What runs inside a worker process: it connects to its supervisor, loads the models it is told to
 * and computes. It has no Spring, no network and no secret, and ends as soon as the supervisor's
 * socket or its standard input does.
 */
@NullMarked
package dev.atrium.node.worker.child;

import org.jspecify.annotations.NullMarked;
