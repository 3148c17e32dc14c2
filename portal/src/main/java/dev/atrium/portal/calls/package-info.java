/**
 * The log of calls: the ones that were made and the ones that were refused, found by what they were
 * or by the id of their answer, and each with all that is known of it. Of what was said in a call
 * nothing is known.
 */
@NullMarked
package dev.atrium.portal.calls;

import org.jspecify.annotations.NullMarked;
