package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;

/**
 * Refused calls of one minute that were too many to be listed one by one.
 *
 * @param minute its beginning
 * @param code as of {@link RefusedCall}
 * @param calls how many there were besides the listed ones
 */
public record UnlistedRefusals(TenantId tenantId, Instant minute, String code, long calls) {}
