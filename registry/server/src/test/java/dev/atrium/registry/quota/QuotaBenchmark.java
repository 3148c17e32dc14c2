package dev.atrium.registry.quota;

import static dev.atrium.registry.usage.TestCalls.charged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many usage records and wishes a second the registry takes, over HTTP, with PostgreSQL on the
 * same machine. Runs only by name: {@code ./atrium bench registry}.
 */
class QuotaBenchmark extends QuotaTest {
    private static final Logger log = LoggerFactory.getLogger(QuotaBenchmark.class);
    private static final int BATCH = 500;
    private static final int BATCHES = 100;
    private static final int GATEWAYS = 2;

    @Test
    void takesBatchesWithAndWithoutCharges() throws Exception {
        TestTenant acme = tenant("bench");
        List<PolicyId> policies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            policies.add(policy(acme, Unit.TOKENS, Window.MONTH, 1_000_000_000));
        }
        for (int round = 0; round < 3; round++) {
            report("without charges", run(acme, List.of()));
            report("3 charges each", run(acme, policies));
        }
        assertSumsAgree(policies.toArray(PolicyId[]::new));
    }

    @Test
    void answersGatewaysThatHoldManyLeases() {
        TestTenant acme = tenant("bench");
        TestGateway gateway = gateway();
        List<LeaseWish> first = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            first.add(TestGateway.wish(policy(acme, Unit.TOKENS, Window.MONTH, 1_000_000), 1, 10));
        }
        List<LeaseState> held = gateway.send(false, first).leases();
        List<LeaseWish> renewals =
                held.stream().map(lease -> TestGateway.returning(lease, 0)).toList();
        List<LeaseWish> additions =
                held.stream()
                        .map(lease ->
                                new LeaseWish(
                                        lease.policyId(),
                                        lease.windowStart(),
                                        lease.leaseId(),
                                        1,
                                        10,
                                        0,
                                        0))
                        .toList();
        for (int round = 0; round < 3; round++) {
            reportWishes("renewed", gateway, renewals);
            reportWishes("enlarged", gateway, additions);
        }
    }

    private static void reportWishes(String what, TestGateway gateway, List<LeaseWish> wishes) {
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            gateway.send(false, wishes);
        }
        double perSecond = 10.0 * wishes.size() / ((System.nanoTime() - began) / 1e9);
        log.info("leases {}, {} in a request: {}/s", what, wishes.size(), Math.round(perSecond));
    }

    private static void report(String what, double perSecond) {
        log.info(
                "intake, batches of {} from {} gateways, {}: {} records/s",
                BATCH,
                GATEWAYS,
                what,
                Math.round(perSecond));
    }

    private double run(TestTenant tenant, List<PolicyId> policies) throws Exception {
        List<TestGateway> gateways = new ArrayList<>();
        List<List<List<UsageRecord>>> batches = new ArrayList<>();
        for (int i = 0; i < GATEWAYS; i++) {
            TestGateway gateway = gateway();
            gateways.add(gateway);
            List<LeaseState> leases = new ArrayList<>();
            for (PolicyId policy : policies) {
                leases.add(gateway.ask(policy, 1, 10L * BATCH * BATCHES));
            }
            batches.add(batches(tenant, leases));
        }
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> shipping = new ArrayList<>();
            for (int i = 0; i < GATEWAYS; i++) {
                TestGateway gateway = gateways.get(i);
                List<List<UsageRecord>> own = batches.get(i);
                shipping.add(
                        threads.submit(() ->
                                own.forEach(batch ->
                                        assertThat(gateway.ship(batch, List.of()).inserted())
                                                .isEqualTo(BATCH))));
            }
            for (Future<?> gateway : shipping) {
                gateway.get();
            }
        }
        return GATEWAYS * BATCH * BATCHES / ((System.nanoTime() - began) / 1e9);
    }

    private static List<List<UsageRecord>> batches(TestTenant tenant, List<LeaseState> leases) {
        List<List<UsageRecord>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<UsageRecord> records = new ArrayList<>();
            for (int call = 0; call < BATCH; call++) {
                List<Charge> charges = new ArrayList<>();
                for (LeaseState lease : leases) {
                    charges.add(charge(lease, 10, call % 10));
                }
                records.add(charged(tenant.id(), charges));
            }
            batches.add(records);
        }
        return batches;
    }
}
