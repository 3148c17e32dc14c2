/**
 * How gateways and inference nodes join the registry, prove who they are and learn what to hold.
 */
@NullMarked
package dev.atrium.registry.api.node;

import org.jspecify.annotations.NullMarked;
