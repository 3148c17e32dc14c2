package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.charged;

import dev.atrium.registry.RegistryClient;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Uses so much of a limit that people are told. */
public final class TestThreshold {
    private TestThreshold() {}

    /** Makes a policy {@code p} of 100 tokens a month and uses 90 of them. */
    public static PolicyId reach(
            RegistryClient http,
            RegistryClient internal,
            MachineCredentials credentials,
            TestTenant tenant) {
        Map<String, Object> wish =
                Map.of(
                        "name",
                        "p",
                        "unit",
                        Unit.TOKENS,
                        "window",
                        Window.MONTH,
                        "mode",
                        "SOFT",
                        "amount",
                        100);
        PolicyId policy =
                http.post("/api/v1/quota-policies", tenant.ownerToken(), wish)
                        .as(Policy.class)
                        .id();
        Charge charge = new Charge(policy, Instant.now(), Unit.TOKENS, null, 90, 90, false);
        TestGateway.join(internal, credentials).ship(charged(tenant.id(), List.of(charge)));
        return policy;
    }
}
