/**
 * This node's side of the control plane: it joins, reports what it is and holds every second and at
 * once when something changes, and hands what it is told to whoever must do it.
 */
@NullMarked
package dev.atrium.node.registration;

import org.jspecify.annotations.NullMarked;
