/** Versions wanted at a size, and the replicas that hold them. */
@NullMarked
package dev.atrium.registry.api.deployment;

import org.jspecify.annotations.NullMarked;
