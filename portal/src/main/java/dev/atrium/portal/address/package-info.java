/**
 * Where the other processes are: the public addresses that go into links and examples, and the
 * internal ones that the portal itself calls. Owns the rule that derives what is not set.
 */
@NullMarked
package dev.atrium.portal.address;

import org.jspecify.annotations.NullMarked;
