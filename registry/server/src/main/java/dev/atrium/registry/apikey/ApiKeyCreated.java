package dev.atrium.registry.apikey;

import dev.atrium.registry.api.tenancy.TenantId;

/** A tenant has one more key. Published in the transaction that makes it, once it is there. */
public record ApiKeyCreated(TenantId tenant, String keyId) {}
