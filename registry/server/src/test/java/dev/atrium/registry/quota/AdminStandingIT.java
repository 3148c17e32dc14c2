package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.charged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The platform sees of a tenant's policies what the tenant sees, and nobody else does. */
class AdminStandingIT extends QuotaTest {
    @Test
    void platformAdminsSeeWhereThePoliciesOfOneTenantStand() {
        TestTenant acme = tenant("standing");
        policy(tenant("other"), Unit.TOKENS, Window.MONTH, 1);
        PolicyId policy = policy(acme, Unit.TOKENS, Window.MONTH, 100);
        TestGateway gateway = gateway();
        LeaseState held = gateway.ask(policy, 90, 90);
        gateway.ship(charged(acme.id(), List.of(charge(held, 90, 85))));
        String admin = "/api/v1/admin/tenants/" + acme.id() + "/quota-policies";

        for (String list : List.of("/status", "/events")) {
            Answer own = http().get("/api/v1/quota-policies" + list, acme.ownerToken());
            Answer seen = http().get(admin + list, operatorToken());

            assertThat(seen.status()).as(seen.text()).isEqualTo(200);
            assertThat(seen.json()).isEqualTo(own.json());
            assertThat(seen.json().path("items").size()).isEqualTo(1);
            assertThat(http().get(admin + list, acme.ownerToken()).status()).isEqualTo(403);
        }
    }

    @Test
    void aTenantThatDoesNotExistIsNotFound() {
        String admin = "/api/v1/admin/tenants/" + UUID.randomUUID() + "/quota-policies";

        assertThat(http().get(admin + "/status", operatorToken()).status()).isEqualTo(404);
        assertThat(http().get(admin + "/events", operatorToken()).status()).isEqualTo(404);
    }
}
