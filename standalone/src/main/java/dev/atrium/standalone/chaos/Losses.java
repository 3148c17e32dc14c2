package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.node.CreateJoinToken;
import dev.atrium.registry.api.node.JoinToken;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.standalone.launcher.Launcher;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gateways that never return: killed in the midst of a race for a quota, their journal deleted, and
 * others with a new identity in their place. What they held of that quota is free for the callers
 * once the nodes have told of every call they let through, and not a unit more.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
final class Losses {
    /** Longer than leases last and than the registry is away here, shorter than people wait. */
    static final Duration LOST_AFTER = Duration.ofSeconds(30);

    /** Variables of an installation in which a gateway is lost so soon. */
    static final Map<String, String> SOON =
            Map.of(
                    "ATRIUM_REGISTRY_USAGE_LOSTGATEWAY",
                    LOST_AFTER.toSeconds() + "s",
                    "ATRIUM_REGISTRY_QUOTA_LEASE_LIFETIME",
                    "20s");

    private static final int AMOUNT = 120;
    private static final int AT_LEAST_ANSWERED = AMOUNT / 4;
    private static final int CALLERS = 6;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration UNDER_WAY = Duration.ofMinutes(1);
    private static final Duration FREE = LOST_AFTER.plusMinutes(2);

    private final Access access;
    private final Launcher launcher;
    private final List<String> gateways;
    private final ModelName model;
    private final PrintStream out;
    private final List<QuotaRace.Running> races = new ArrayList<>();

    /**
     * @param gateways their addresses
     */
    Losses(
            Access access,
            Launcher launcher,
            List<String> gateways,
            ModelName model,
            PrintStream out) {
        this.access = access;
        this.launcher = launcher;
        this.gateways = gateways;
        this.model = model;
        this.out = out;
    }

    /** While all gateways and registries work. */
    void lose(String gateway) throws IOException, InterruptedException {
        JoinToken token =
                access.operator()
                        .post(
                                "/admin/join-tokens",
                                new CreateJoinToken(MemberRole.GATEWAY, null),
                                JoinToken.class);
        String name = "loss " + (races.size() + 1);
        QuotaRace.Running race = races().begin(name, AMOUNT, CALLERS, PAUSE);
        races.add(race);
        Campaign.await(
                "the race for a quota under way",
                UNDER_WAY,
                () -> race.spending().answered().size() >= AT_LEAST_ANSWERED);
        launcher.replace(
                gateway,
                Map.of(
                        "ATRIUM_GATEWAY_NAME",
                        gateway + " after " + name,
                        "ATRIUM_GATEWAY_JOIN_TOKEN",
                        token.token()));
    }

    /** With access of this moment, for a campaign outlasts it. */
    private QuotaRace races() throws IOException {
        return new QuotaRace(
                access.developer(DemoTenant.ACME),
                Quotas.of(access.operator(), DemoTenant.ACME.slug()),
                gateways,
                model,
                out);
    }

    /** Ids of the calls whose answer arrived. */
    Set<String> answered() {
        Set<String> ids = new HashSet<>();
        races.forEach(race -> ids.addAll(race.spending().answered()));
        return ids;
    }

    /**
     * Waits until the quotas are spent to their end.
     *
     * @return by how much they were charged more or less
     */
    long overspent() throws IOException, InterruptedException {
        long overspent = 0;
        long end = System.nanoTime() + FREE.toNanos();
        for (QuotaRace.Running race : races) {
            race.spending().await(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            QuotaRace quotas = races();
            while (!quotas.isSettled(race) && System.nanoTime() - end < 0) {
                Thread.sleep(200);
            }
            int tooMany = Math.max(0, race.spending().answered().size() - AMOUNT);
            overspent += Math.max(tooMany, Math.abs(quotas.charged(race) - AMOUNT));
        }
        return overspent;
    }
}
