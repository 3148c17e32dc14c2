package dev.atrium.registry.secret;

import java.util.Base64;

/** The product's master key, of an installation that has nothing to hide. */
public final class SimulatedMasterKey {
    private SimulatedMasterKey() {}

    public static MasterKey create() {
        return new MasterKey(
                new SecretProperties(Base64.getEncoder().encodeToString(new byte[32])));
    }
}
