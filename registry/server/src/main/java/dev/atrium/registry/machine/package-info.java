/**
 * How gateways and nodes prove who they are on the internal port: rotating credentials ({@code
 * atm_…}) of which only hashes are stored. Knows nothing of joining, heartbeats or what a machine
 * may see beyond its role.
 */
@NullMarked
package dev.atrium.registry.machine;

import org.jspecify.annotations.NullMarked;
