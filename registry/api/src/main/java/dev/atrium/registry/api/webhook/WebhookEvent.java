package dev.atrium.registry.api.webhook;

import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;

/**
 * What is sent. It may come more than once: the id tells.
 *
 * @param id of the event, the same in every delivery
 * @param type says what the data is: a {@link QuotaEvent} for {@link #THRESHOLD}, a {@link
 *     QuotaRequest} for the others
 */
public record WebhookEvent<T>(String id, String type, TenantId tenantId, Instant at, T data) {
    /** A part of a quota's amount was reached. */
    public static final String THRESHOLD = "quota.threshold_reached";

    /** Somebody asks for more of a quota. */
    public static final String REQUEST_OPENED = "quota.request_opened";

    /** A request for more was approved, trimmed or denied. */
    public static final String REQUEST_DECIDED = "quota.request_decided";

    /** A temporary raise is over. */
    public static final String RAISE_ENDED = "quota.raise_ended";

    public static final String SIGNATURE_HEADER = "Atrium-Signature";
    public static final String ID_HEADER = "Atrium-Event-Id";
}
