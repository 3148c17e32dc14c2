/**
 * For platform admins: price lists, the prices on them, and who pays by which. Prices are typed in
 * units of money per million and sent in millionths; a price that is in effect is only followed by
 * another one.
 */
@NullMarked
package dev.atrium.portal.pricing;

import org.jspecify.annotations.NullMarked;
