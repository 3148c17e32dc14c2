package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;

/** A tenant has one more project. Published in the transaction that makes it. */
public record ProjectCreated(TenantId tenant, ProjectId project) {}
