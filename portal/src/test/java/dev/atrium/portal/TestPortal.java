package dev.atrium.portal;

import dev.atrium.portal.fake.FakeRegistry;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.portal.fake.SamplePlans;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.portal.fake.SampleRequests;
import org.springframework.boot.SpringApplication;

/**
 * Runs the portal on sample data from a {@link FakeRegistry}: no registry, database or password is
 * needed to look at it. Arguments: the portal's port, then {@code empty} for a tenant without data.
 */
public final class TestPortal {
    private TestPortal() {}

    public static void main(String[] arguments) {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8082;
        FakeRegistry registry = new FakeRegistry(port + 1);
        registry.state().platformAdmin = true;
        if (arguments.length < 2) {
            SampleData.fill(registry.state());
            SampleQuotas.fill(registry.state());
            SampleRequests.fill(registry.state());
            SamplePlans.fill(registry.state());
            registry.state().mine = registry.state().tenants;
        }
        SpringApplication.run(
                PortalApplication.class,
                "--server.port=" + port,
                "--management.server.port=" + (port + 2),
                "--atrium.portal.address.public-url=" + registry.url(),
                "--atrium.portal.address.registry-url=" + registry.url(),
                "--atrium.portal.address.gateway-internal-url=" + registry.url(),
                "--atrium.portal.address.gateway-url=http://localhost:8080",
                "--atrium.portal.address.portal-url=http://localhost:" + port,
                "--atrium.portal.security.client-secret=test");
    }
}
