/** Who belongs to the tenant and in which role; for owners. */
@NullMarked
package dev.atrium.portal.members;

import org.jspecify.annotations.NullMarked;
