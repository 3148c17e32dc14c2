/**
 * Finds out with which threads, instances and batches a deployment serves best: it drives the
 * running installation as applications do, tries a few settings, and leaves the deployment as it
 * was unless it is told otherwise. What it measures holds for this machine and these requests.
 */
@NullMarked
package dev.atrium.standalone.recommend;

import org.jspecify.annotations.NullMarked;
