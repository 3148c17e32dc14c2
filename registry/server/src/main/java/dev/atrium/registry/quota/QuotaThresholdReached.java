package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.tenancy.TenantId;

/**
 * A part of a quota's amount was reached. Published once per window and threshold, in the
 * transaction that notes it.
 */
public record QuotaThresholdReached(TenantId tenant, QuotaEvent event) {}
