/**
 * The services as the build left them: unpacks each service's jar into {@code target/dist}, makes
 * its start-up cache, and knows the command line that runs it. Works at build time only; a start
 * uses what is there and makes nothing.
 */
@NullMarked
package dev.atrium.standalone.distribution;

import org.jspecify.annotations.NullMarked;
