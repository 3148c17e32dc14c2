package dev.atrium.portal;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {
    @Test
    void capabilitiesHaveNoCyclesAndKeepTheirInsides() {
        ApplicationModules.of(PortalApplication.class).verify();
    }
}
