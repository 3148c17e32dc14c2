/**
 * What a call costs in the gateway, beside peers that do less: every figure is CPU time per call,
 * taken in one run on one machine with the same load, so that the ratio holds where seconds do not.
 */
@NullMarked
package dev.atrium.bench;

import org.jspecify.annotations.NullMarked;
