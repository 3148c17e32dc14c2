package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Many calls at once, over all gateways, for what a hard quota has left: exactly its amount is
 * charged, from the first call of a new key on.
 *
 * @param acme a developer of the tenant
 */
record QuotaRace(
        ManagementApi acme,
        Quotas quotas,
        List<String> gateways,
        ModelName model,
        PrintStream out) {
    private static final Duration POSTED = Duration.ofSeconds(20);
    private static final Duration ANY_TIME = Duration.ofMinutes(2);

    /** A race that is on. */
    record Running(int amount, Policy policy, Spending spending) {}

    /**
     * @param amount calls that the quota allows
     * @return by how much the calls answered, and those charged, differ from the amount
     */
    long run(int amount) throws InterruptedException {
        Running race = begin("race for " + amount, amount, 16, Duration.ZERO);
        race.spending().await(ANY_TIME);
        Campaign.await("the quota settled", POSTED, () -> isSettled(race));
        long charged = charged(race);
        return Math.max(Math.abs(answered(race) - amount), Math.abs(charged - amount));
    }

    /**
     * @param callers at once
     * @param pause of each between two calls
     */
    Running begin(String name, int amount, int callers, Duration pause)
            throws InterruptedException {
        CreatedApiKey key =
                acme.post(
                        "/api-keys",
                        new CreateApiKey(name, null, null, null, Campaign.NO_LIMIT, null),
                        CreatedApiKey.class);
        Policy policy = quotas.create(name, key.apiKey().id(), Unit.REQUESTS, amount);
        Campaign.await(
                "key and quota at every gateway", ANY_TIME, () -> known(gateways, key, policy));
        Spending spending = new Spending(model, pause);
        spending.start(gateways, key.secret(), callers);
        return new Running(amount, policy, spending);
    }

    /** Whether nothing is held for any call. */
    boolean isSettled(Running race) {
        PolicyStatus status = quotas.status(race.policy());
        return status.reserved() == 0 && status.unreconciled() == 0;
    }

    /** How many calls are charged; says so. */
    long charged(Running race) {
        long charged = quotas.status(race.policy()).used();
        out.printf(
                "  a quota of %d: %d answered, %d charged%n",
                race.amount(), answered(race), charged);
        return charged;
    }

    private static int answered(Running race) {
        return race.spending().answered().size();
    }

    /** To ask for the limits costs nothing, and tells that a key and its quota have arrived. */
    static boolean known(List<String> gateways, CreatedApiKey key, Policy policy) {
        return gateways.stream()
                .map(gateway -> new GatewayCalls(gateway, key.secret()).get("/v1/limits"))
                .allMatch(
                        limits -> limits.isOk() && limits.body().contains(policy.id().toString()));
    }
}
