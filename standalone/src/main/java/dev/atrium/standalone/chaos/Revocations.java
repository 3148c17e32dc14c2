package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.tenancy.ChangeTenantStatus;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * How long gateways still serve a key that was taken away, or whose tenant was suspended, while
 * they are under load: from the moment in which the management API has said yes.
 */
record Revocations(Access access, List<String> gateways, PrintStream out) {
    private static final int ROUNDS = 10;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration ARRIVAL = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** How many gateways took longer than they may, of all rounds. */
    long late() throws IOException, InterruptedException {
        ManagementApi globex = access.developer(DemoTenant.GLOBEX);
        ManagementApi operator = access.operator();
        TenantId tenant = globex.get("/me", Me.class).tenant().id();
        List<Long> revoked = new ArrayList<>();
        List<Long> suspended = new ArrayList<>();
        CreatedApiKey lasting = key(globex, "suspended");
        for (int round = 0; round < ROUNDS; round++) {
            CreatedApiKey key = key(globex, "revoked " + round);
            revoked.addAll(
                    refusedAfter(key, () -> globex.delete("/api-keys/" + key.apiKey().id())));
            suspended.addAll(
                    refusedAfter(lasting, () -> status(operator, tenant, TenantStatus.SUSPENDED)));
            status(operator, tenant, TenantStatus.ACTIVE);
            awaitServed(lasting);
        }
        print("a revoked key", revoked);
        print("a suspended tenant's key", suspended);
        return Stream.concat(revoked.stream(), suspended.stream())
                .filter(millis -> millis > SOON.toMillis())
                .count();
    }

    private static CreatedApiKey key(ManagementApi tenant, String name) {
        return tenant.post(
                "/api-keys",
                new CreateApiKey(name, null, null, null, Campaign.NO_LIMIT, null),
                CreatedApiKey.class);
    }

    private static void status(ManagementApi operator, TenantId tenant, TenantStatus status) {
        operator.patch("/admin/tenants/" + tenant, new ChangeTenantStatus(status), Tenant.class);
    }

    /**
     * @return milliseconds until each gateway refused
     */
    private List<Long> refusedAfter(CreatedApiKey key, Runnable ending)
            throws InterruptedException {
        awaitServed(key);
        ending.run();
        long said = System.nanoTime();
        List<Long> millis = new ArrayList<>();
        try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> each =
                    watchers.invokeAll(
                            gateways.stream()
                                    .<Callable<Long>>map(
                                            gateway -> () -> refused(gateway, key, said))
                                    .toList());
            for (Future<Long> gateway : each) {
                millis.add(gateway.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a gateway did not refuse", e.getCause());
        }
        return millis;
    }

    private static long refused(String gateway, CreatedApiKey key, long since)
            throws InterruptedException {
        GatewayCalls calls = new GatewayCalls(gateway, key.secret());
        while (calls.get("/v1/limits").isOk()) {
            if (System.nanoTime() - since > LIMIT.toNanos()) {
                throw new IllegalStateException("still served after " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(2);
        }
        return (System.nanoTime() - since) / 1_000_000;
    }

    private void awaitServed(CreatedApiKey key) throws InterruptedException {
        Campaign.await(
                "the key at every gateway",
                ARRIVAL,
                () ->
                        gateways.stream()
                                .allMatch(gateway ->
                                        new GatewayCalls(gateway, key.secret())
                                                .get("/v1/limits")
                                                .isOk()));
    }

    private void print(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        out.printf(
                "  %s is refused after %d ms (median of %d), %d ms at most%n",
                what, sorted.get(sorted.size() / 2), sorted.size(), sorted.getLast());
    }
}
