/**
 * Limits: what a tenant, a project, a key or a model may use, how much of it is used, reserved and
 * left, and who is close. Owners set those of their tenant, platform admins those of any tenant;
 * everybody who may read usage sees them.
 */
@NullMarked
package dev.atrium.portal.quota;

import org.jspecify.annotations.NullMarked;
