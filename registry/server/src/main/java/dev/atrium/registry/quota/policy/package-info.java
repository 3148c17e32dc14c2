/**
 * Policies as people see them: making, changing and deleting them, where each of them stands, and
 * what people should know of. Every change is audited and published to the gateways in its own
 * transaction. What a policy counts and for whom never changes; a deleted one keeps its windows.
 */
@NullMarked
package dev.atrium.registry.quota.policy;

import org.jspecify.annotations.NullMarked;
