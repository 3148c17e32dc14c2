/**
 * Plans: named sets of limits from which policies of tenants are made. A policy remembers its plan;
 * a changed plan reaches its tenants only when somebody applies it, after a preview, and then all
 * of it or nothing. Applying another plan replaces the former one's policies and touches no others.
 * A limit for each project or key is given to those that are made later as well, when they are.
 */
@NullMarked
package dev.atrium.registry.quota.plan;

import org.jspecify.annotations.NullMarked;
