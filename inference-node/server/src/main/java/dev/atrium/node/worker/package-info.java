/**
 * Process isolation. A tenant's version runs in a child process of its own, because a broken or
 * hostile model takes the process it runs in with it; the platform's own models share one. Owns the
 * command line, the run-time folder, the queue of each model, and the kill that backs every
 * deadline. Nothing that happens in a worker may reach the supervisor but bounded frames.
 */
@NullMarked
package dev.atrium.node.worker;

import org.jspecify.annotations.NullMarked;
