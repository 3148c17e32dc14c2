/**
 * The language between supervisor and worker: length-prefixed frames over a Unix domain socket,
 * each with a small JSON head and raw tensor bytes. Both ends use it and neither trusts the other:
 * sizes are checked before memory is given, heads become records and never code, and anything
 * unexpected ends the connection.
 */
@NullMarked
package dev.atrium.node.worker.ipc;

import org.jspecify.annotations.NullMarked;
