/**
 * Tells what of an installation runs, from its process table and from asking each process; and ends
 * it from outside. Works while no launcher does, too.
 */
@NullMarked
package dev.atrium.standalone.status;

import org.jspecify.annotations.NullMarked;
