/**
 * Atrium on one machine by one command: reads the command line and hands it to the launcher, the
 * status, the doctor, the seed or the demo. Reaches the services over HTTP only.
 */
@NullMarked
package dev.atrium.standalone;

import org.jspecify.annotations.NullMarked;
