/** Where a tenant is told of its quotas, what it is told, and what became of it. */
@NullMarked
package dev.atrium.registry.api.webhook;

import org.jspecify.annotations.NullMarked;
