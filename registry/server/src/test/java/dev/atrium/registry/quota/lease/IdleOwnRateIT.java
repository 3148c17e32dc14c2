package dev.atrium.registry.quota.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.quota.TestGateway;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

class IdleOwnRateIT extends RegistryTest {
    private final PolicyId policy = new PolicyId(UUID.randomUUID());

    @Autowired OwnRates ownRates;
    @Autowired Leadership leadership;
    @Autowired MachineCredentials credentials;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void isDroppedWhenNobodyHasLeasedItForADay() {
        TenantId acme = tenant("idle-rate").id();
        await().until(leadership::isLeader);
        TestGateway gateway = TestGateway.join(internalHttp(), credentials);
        LeaseWish wish =
                new LeaseWish(policy, null, null, 0, 57, 0, 0, new OwnRate(acme, "key", 57));
        LeaseState held = gateway.send(wish);
        ownRates.dropIdle();
        assertThat(rows()).isEqualTo(1);

        age(held);
        ownRates.dropIdle();

        assertThat(rows()).isZero();
        assertThat(gateway.send(wish).amount()).isEqualTo(57);
    }

    private void age(LeaseState lease) {
        platform.sql(
                        """
                        UPDATE quota_lease SET expires_at = now() - interval '25 hours'
                        WHERE id = ?
                        """)
                .param(lease.leaseId())
                .update();
        platform.sql(
                        "UPDATE quota_policy SET updated_at = now() - interval '25 hours' WHERE id = ?")
                .param(policy.value())
                .update();
    }

    private long rows() {
        return platform.sql("SELECT count(*) FROM quota_policy WHERE id = ?")
                .param(policy.value())
                .query(Long.class)
                .single();
    }
}
