/**
 * Who pays and who works for them: tenants, their projects, members with roles, and service
 * accounts. Tells gateways which tenants are active and whose tokens must stop. Knows users only by
 * address and name; how they prove who they are belongs to {@code identity}.
 */
@NullMarked
package dev.atrium.registry.tenancy;

import org.jspecify.annotations.NullMarked;
