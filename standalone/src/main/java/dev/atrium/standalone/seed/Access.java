package dev.atrium.standalone.seed;

import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.client.SignIn;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;

/** The installation's own ways in: as its operator, and as a developer of the demo. */
public record Access(Settings settings, Secrets secrets) {
    public SignIn signIn() throws IOException {
        return new SignIn(
                settings.loopback(Port.REGISTRY),
                settings.portalUrl(),
                secrets.password(Secrets.PORTAL_CLIENT_SECRET));
    }

    /** The management API as the platform's operator. */
    public ManagementApi operator() throws IOException {
        return management(signIn().asOperator(secrets.password(Secrets.OPERATOR_CLIENT_SECRET)));
    }

    /** The management API as a tenant's developer, signed in with the generated password. */
    public ManagementApi developer(DemoTenant tenant) throws IOException {
        return management(signIn().asUser(tenant.email(), secrets.password(tenant.passwordName())));
    }

    public GatewayCalls calls(String credential) {
        return new GatewayCalls(settings.loopback(Port.GATEWAY), credential);
    }

    /** The management API with a credential of somebody's own. */
    public ManagementApi management(String credential) {
        return new ManagementApi(settings.loopback(Port.REGISTRY), credential);
    }
}
