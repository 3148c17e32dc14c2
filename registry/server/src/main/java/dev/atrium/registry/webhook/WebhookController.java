package dev.atrium.registry.webhook;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.webhook.CreatedWebhook;
import dev.atrium.registry.api.webhook.SetWebhook;
import dev.atrium.registry.api.webhook.Webhook;
import dev.atrium.registry.api.webhook.WebhookDelivery;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where the caller's tenant is told of its quotas. */
@RestController
@RequestMapping("/api/v1/webhook")
@PreAuthorize("hasAuthority('SCOPE_quota:admin')")
class WebhookController {
    private final WebhookService webhooks;
    private final WebhookProperties properties;

    WebhookController(WebhookService webhooks, WebhookProperties properties) {
        this.webhooks = webhooks;
        this.properties = properties;
    }

    @GetMapping
    Webhook get(Caller caller) {
        return webhooks.get(caller.tenantId());
    }

    @PutMapping
    CreatedWebhook set(Caller caller, @RequestBody SetWebhook wish) {
        // A name may take its time, and must not hold a transaction up.
        Target.parse(wish.url(), properties.allowLoopback())
                .requireReachable(properties.allowLoopback());
        return webhooks.set(wish, caller);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller) {
        webhooks.delete(caller.tenantId());
    }

    @GetMapping("/deliveries")
    Page<WebhookDelivery> deliveries(Caller caller, PageRequest page) {
        return webhooks.deliveries(caller.tenantId(), page);
    }
}
