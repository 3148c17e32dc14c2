/**
 * Broken input for every parser of ours. A {@link dev.atrium.fuzz.Target} lies in the package of
 * its parser, knows a few whole inputs, and says which exceptions are an answer; everything else is
 * a finding. The tests run all targets with a few thousand changed inputs, always the same ones,
 * and with what was found before; {@code ./atrium fuzz} lets Jazzer look for more, guided by
 * coverage.
 */
@NullMarked
package dev.atrium.fuzz;

import org.jspecify.annotations.NullMarked;
