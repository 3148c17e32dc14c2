package dev.atrium.registry.webhook;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The tenant has no webhook. */
public final class WebhookNotFoundException extends RegistryException {
    WebhookNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no webhook.");
    }
}
