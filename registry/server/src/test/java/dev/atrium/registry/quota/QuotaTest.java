package dev.atrium.registry.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.machine.MachineCredentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tests of quotas share: policies, gateways, and what must be true of windows always. */
abstract class QuotaTest extends RegistryTest {
    /** Figures of a policy's only window, or of all its windows together. */
    record Figures(long used, long reserved, long unreconciled, long refused) {}

    @Autowired MachineCredentials credentials;
    @Autowired Leadership leadership;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    TestGateway gateway() {
        return TestGateway.join(internalHttp(), credentials);
    }

    PolicyId policy(TestTenant tenant, Unit unit, Window window, long amount) {
        return policy(tenant, unit, window, amount, Map.of());
    }

    PolicyId policy(
            TestTenant tenant, Unit unit, Window window, long amount, Map<String, Object> more) {
        Map<String, Object> wish = new HashMap<>(more);
        wish.putAll(Map.of("name", "p", "unit", unit, "window", window, "amount", amount));
        Answer made = http().post("/api/v1/quota-policies", tenant.ownerToken(), wish);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.as(Policy.class).id();
    }

    void change(TestTenant tenant, PolicyId policy, String member, Object value) {
        String path = "/api/v1/quota-policies/" + policy;
        int revision = http().get(path, tenant.ownerToken()).as(Policy.class).revision();
        Answer changed =
                http().put(path, tenant.ownerToken(), Map.of("revision", revision, member, value));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    }

    static Charge charge(LeaseState lease, long reserved, long charged) {
        return new Charge(
                lease.policyId(),
                lease.windowStart(),
                Unit.TOKENS,
                lease.leaseId(),
                reserved,
                charged,
                false);
    }

    Figures figures(PolicyId policy) {
        return platform.sql(
                        """
                        SELECT coalesce(sum(used), 0), coalesce(sum(reserved), 0),
                               coalesce(sum(unreconciled), 0), coalesce(sum(refused), 0)
                        FROM quota_window WHERE policy_id = ?
                        """)
                .param(policy.value())
                .query((row, number) ->
                        new Figures(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .single();
    }

    String stateOf(LeaseState lease) {
        return platform.sql("SELECT state FROM quota_lease WHERE id = ?")
                .param(lease.leaseId())
                .query(String.class)
                .single();
    }

    /** As if its gateway had been silent; the leader's job does the rest. */
    void silence(LeaseState lease) {
        platform.sql("UPDATE quota_lease SET expires_at = now() - interval '1 second' WHERE id = ?")
                .param(lease.leaseId())
                .update();
    }

    /** At every commit: what windows say is what their leases hold and the ledger was charged. */
    void assertSumsAgree(PolicyId... policies) {
        for (PolicyId policy : policies) {
            List<String> wrong =
                    platform.sql(
                                    """
                                    SELECT format('%s: window %s/%s/%s, leases %s/%s, ledger %s',
                                        w.starts_at, w.used, w.reserved, w.unreconciled, l.living,
                                        l.vanished, c.charged)
                                    FROM quota_window w
                                         CROSS JOIN LATERAL (
                                             SELECT coalesce(sum(amount - returned - settled)
                                                        FILTER (WHERE state = 'LIVE'), 0) AS living,
                                                    coalesce(sum(amount - returned - settled)
                                                        FILTER (WHERE state = 'EXPIRED'), 0)
                                                        AS vanished,
                                                    coalesce(sum(amount - returned - settled)
                                                        FILTER (WHERE state = 'CLOSED'), 0)
                                                        AS closed
                                             FROM quota_lease l
                                             WHERE l.policy_id = w.policy_id
                                               AND l.starts_at = w.starts_at) l
                                         CROSS JOIN LATERAL (
                                             SELECT coalesce(sum((c ->> 'charged')::bigint), 0)
                                                        AS charged
                                             FROM usage_record r, jsonb_array_elements(r.charges) c
                                             WHERE r.tenant_id = w.tenant_id
                                               AND (c ->> 'policyId')::uuid = w.policy_id
                                               AND (c ->> 'windowStart')::timestamptz
                                                   = w.starts_at) c
                                    WHERE w.policy_id = ?
                                      AND (w.reserved <> l.living OR w.unreconciled <> l.vanished
                                           OR l.closed <> 0 OR w.used <> c.charged)
                                    """)
                            .param(policy.value())
                            .query(String.class)
                            .list();
            assertThat(wrong).isEmpty();
        }
    }
}
