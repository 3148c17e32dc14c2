package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.tenancy.TenantId;

/**
 * A version became READY, and its uploader wants it to run. Published inside the transaction that
 * accepted it.
 */
public record DeploymentWished(TenantId tenant, ModelVersionId version) {}
