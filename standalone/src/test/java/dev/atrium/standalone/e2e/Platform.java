package dev.atrium.standalone.e2e;

import dev.atrium.standalone.StandalonePlatform;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.seed.DemoKey;
import dev.atrium.standalone.seed.DemoTenant;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What the end-to-end tests need of the running platform. */
final class Platform {
    private static final StandalonePlatform RUNNING = StandalonePlatform.shared();

    private Platform() {}

    static String gateway() {
        return RUNNING.gateway();
    }

    static String registry() {
        return RUNNING.registry();
    }

    /** The issuer, as browsers and tokens know it. */
    static String publicUrl() {
        return RUNNING.settings().publicUrl();
    }

    static String portal() {
        return RUNNING.portal();
    }

    static GatewayCalls calls(String credential) {
        return RUNNING.access().calls(credential);
    }

    static String newAcmeKey() {
        try {
            return new DemoKey(RUNNING.access()).create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ManagementApi acme() {
        try {
            return RUNNING.access().developer(DemoTenant.ACME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ManagementApi operator() {
        try {
            return RUNNING.access().operator();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String acmePassword() {
        try {
            return RUNNING.secrets().password(DemoTenant.ACME.passwordName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
