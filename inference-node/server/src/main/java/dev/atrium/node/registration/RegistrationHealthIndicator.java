package dev.atrium.node.registration;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up once the registry has answered a heartbeat; part of readiness. */
@Component
class RegistrationHealthIndicator implements HealthIndicator {
    private final Registration registration;

    RegistrationHealthIndicator(Registration registration) {
        this.registration = registration;
    }

    @Override
    public Health health() {
        return registration.isRegistered() ? Health.up().build() : Health.outOfService().build();
    }
}
