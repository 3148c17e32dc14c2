package dev.atrium.registry.api.webhook;

import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;

/**
 * What is sent. It may come more than once: the id tells.
 *
 * @param id of the event, the same in every delivery
 * @param type {@link #THRESHOLD}
 */
public record WebhookEvent(String id, String type, TenantId tenantId, Instant at, QuotaEvent data) {
    /** A part of a quota's amount was reached. */
    public static final String THRESHOLD = "quota.threshold_reached";

    public static final String SIGNATURE_HEADER = "Atrium-Signature";
    public static final String ID_HEADER = "Atrium-Event-Id";
}
