/** For platform admins: tenants, nodes and gateways. */
@NullMarked
package dev.atrium.portal.admin;

import org.jspecify.annotations.NullMarked;
