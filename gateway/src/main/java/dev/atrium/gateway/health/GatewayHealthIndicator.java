package dev.atrium.gateway.health;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** The parts of readiness, each by its name, on the management port. */
@Component("gateway")
class GatewayHealthIndicator implements HealthIndicator {
    private final GatewayReadiness readiness;

    GatewayHealthIndicator(GatewayReadiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public Health health() {
        boolean up =
                readiness.isJoined()
                        && readiness.isFeedUsable()
                        && readiness.areSigningKeysKnown()
                        && readiness.isJournalOpen();
        return (up ? Health.up() : Health.outOfService())
                .withDetail("joined", readiness.isJoined())
                .withDetail("feed", readiness.isFeedUsable())
                .withDetail("signingKeys", readiness.areSigningKeysKnown())
                .withDetail("journal", readiness.isJournalOpen())
                .build();
    }
}
