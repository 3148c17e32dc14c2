/**
 * Tells tenants of their quotas at an address of theirs. An event is written to the outbox in the
 * transaction that notes it, and sent from there by any registry, at least once, with back-off,
 * signed by a secret that only the tenant has. Sends nothing to an address that is not public: the
 * name is resolved once, and what was checked is what is connected to.
 */
@NullMarked
package dev.atrium.registry.webhook;

import org.jspecify.annotations.NullMarked;
