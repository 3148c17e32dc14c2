package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.standalone.client.ManagementApi;

/**
 * A tenant's hard quotas, set by an operator.
 *
 * @param path of the tenant's policies
 */
record Quotas(ManagementApi operator, String path) {
    static Quotas of(ManagementApi operator, String tenant) {
        Tenant found =
                operator.all("/admin/tenants", Tenant.class).stream()
                        .filter(one -> one.slug().equals(tenant))
                        .findFirst()
                        .orElseThrow();
        return new Quotas(operator, "/admin/tenants/" + found.id() + "/quota-policies");
    }

    Policy create(String name, String apiKeyId, Unit unit, long amount) {
        PolicySubject subject = new PolicySubject(null, apiKeyId, null);
        return operator.post(
                path,
                new CreatePolicy(name, subject, unit, Window.LIFETIME, amount, null, null, null),
                Policy.class);
    }

    PolicyStatus status(Policy policy) {
        return operator.all(path + "/status", PolicyStatus.class).stream()
                .filter(status -> status.policy().id().equals(policy.id()))
                .findFirst()
                .orElseThrow();
    }
}
