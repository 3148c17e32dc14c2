package dev.atrium.gateway;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {
    @Test
    void capabilitiesHaveNoCyclesAndKeepTheirInsides() {
        ApplicationModules.of(GatewayApplication.class).verify();
    }
}
