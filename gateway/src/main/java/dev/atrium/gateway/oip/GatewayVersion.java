package dev.atrium.gateway.oip;

import dev.atrium.gateway.GatewayApplication;

/** The version of this build, as its manifest says. */
final class GatewayVersion {
    private GatewayVersion() {}

    static String text() {
        String version = GatewayApplication.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
