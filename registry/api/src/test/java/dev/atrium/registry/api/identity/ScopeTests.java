package dev.atrium.registry.api.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class ScopeTests {
    @Test
    void eachRoleIncludesTheOnesBeforeIt() {
        assertThat(Scope.of(Role.DEVELOPER)).containsAll(Scope.of(Role.VIEWER));
        assertThat(Scope.of(Role.OWNER)).containsAll(Scope.of(Role.DEVELOPER));
    }

    @Test
    void noRoleOfATenantReachesThePlatform() {
        for (Role role : Role.values()) {
            assertThat(Scope.of(role)).doesNotContain(Scope.PLATFORM_ADMIN);
        }
    }

    @Test
    void viewersNeitherCallNorChange() {
        assertThat(Scope.of(Role.VIEWER))
                .containsExactlyInAnyOrder(Scope.MODELS_READ, Scope.USAGE_READ);
    }

    @Test
    void wireNamesComeBack() {
        for (Scope scope : Scope.values()) {
            assertThat(Scope.fromWireName(scope.wireName())).contains(scope);
        }
        assertThat(Scope.fromWireName("everything")).isEmpty();
    }
}
