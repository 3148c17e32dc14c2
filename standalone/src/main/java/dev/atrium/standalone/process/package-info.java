/**
 * Processes of this machine as the operating system sees them: who they really are, what memory
 * they hold, which of them listens on a port, and the table in the data folder that outlives a
 * killed launcher.
 */
@NullMarked
package dev.atrium.standalone.process;

import org.jspecify.annotations.NullMarked;
