/**
 * What the CPU time of a call means for the grid: joules by a probe of power, grams of CO2 by what
 * the operator says of the place. Owns these settings and the arithmetic; measures no CPU time
 * itself, and says nothing rather than 0 where it does not know.
 *
 * @see "docs/adr/0014-energy.md"
 */
@NullMarked
package dev.atrium.node.energy;

import org.jspecify.annotations.NullMarked;
