package dev.atrium.registry;

import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Capabilities know each other only through their public types, and in no circle. */
class ModularityTests {
    @Test
    void capabilitiesFormNoCycleAndReachIntoNobody() {
        ApplicationModules.of(
                        RegistryApplication.class,
                        // The contract: another artifact, open to all.
                        JavaClass.Predicates.resideInAPackage("dev.atrium.registry.api.."))
                .verify();
    }
}
