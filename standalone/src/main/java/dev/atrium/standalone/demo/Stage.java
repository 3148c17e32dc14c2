package dev.atrium.standalone.demo;

import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.client.SignIn;
import java.util.function.Supplier;

/**
 * Where the story plays and who is in it.
 *
 * @param registry the registry's public port, from here
 * @param gateway the gateway's public port, from here
 * @param gatewayPid the gateway's process now
 * @param gatewayReady whether it is ready to take calls
 */
public record Stage(
        String registry,
        String gateway,
        SignIn signIn,
        Person acme,
        Person globex,
        Supplier<Long> gatewayPid,
        Supplier<Boolean> gatewayReady) {
    /** A developer of a tenant. */
    public record Person(String tenant, String email, String password) {}

    String tokenOf(Person person) {
        return signIn.asUser(person.email(), person.password());
    }

    ManagementApi managementOf(String credential) {
        return new ManagementApi(registry, credential);
    }

    GatewayCalls callsWith(String credential) {
        return new GatewayCalls(gateway, credential);
    }
}
