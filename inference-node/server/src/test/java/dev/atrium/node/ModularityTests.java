package dev.atrium.node;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Capabilities form no cycles and stay out of each other's inner packages. */
class ModularityTests {

    @Test
    void capabilitiesKeepTheirBorders() {
        ApplicationModules.of(NodeApplication.class).verify();
    }
}
