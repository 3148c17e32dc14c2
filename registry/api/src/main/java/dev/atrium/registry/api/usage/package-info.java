/** The metered facts of calls: what gateways and nodes ship, and what people read of it. */
@NullMarked
package dev.atrium.registry.api.usage;

import org.jspecify.annotations.NullMarked;
