package dev.atrium.registry.delivery;

import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.webhook.WebhookEvent;
import dev.atrium.registry.quota.QuotaRequestChanged;
import dev.atrium.registry.quota.QuotaThresholdReached;
import java.util.UUID;

/**
 * What people are told of their quotas, whichever way.
 *
 * @param id of the event
 */
public record QuotaNews<T>(UUID id, WebhookEvent<T> event) {
    public static QuotaNews<QuotaEvent> of(QuotaThresholdReached reached) {
        QuotaEvent event = reached.event();
        return of(
                event.id(),
                new WebhookEvent<>(
                        event.id().toString(),
                        WebhookEvent.THRESHOLD,
                        reached.tenant(),
                        event.at(),
                        event));
    }

    public static QuotaNews<QuotaRequest> of(QuotaRequestChanged changed) {
        String type =
                switch (changed.kind()) {
                    case OPENED -> WebhookEvent.REQUEST_OPENED;
                    case DECIDED -> WebhookEvent.REQUEST_DECIDED;
                    case RAISE_ENDED -> WebhookEvent.RAISE_ENDED;
                };
        return of(
                changed.id(),
                new WebhookEvent<>(
                        changed.id().toString(),
                        type,
                        changed.request().tenantId(),
                        changed.at(),
                        changed.request()));
    }

    private static <T> QuotaNews<T> of(UUID id, WebhookEvent<T> event) {
        return new QuotaNews<>(id, event);
    }
}
