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
 * @param operatorSecret the platform operator's OAuth client secret
 * @param gatewayPid the gateway's process now
 * @param gatewayReady whether it is ready to take calls
 */
public record Stage(
        String registry,
        String gateway,
        SignIn signIn,
        String operatorSecret,
        Person acme,
        Person globex,
        Supplier<Long> gatewayPid,
        Supplier<Boolean> gatewayReady) {
    /** A developer of a tenant. */
    public record Person(String tenant, String email, String password) {}

    String tokenOf(Person person) {
        return signIn.asUser(person.email(), person.password());
    }

    String operatorToken() {
        return signIn.asOperator(operatorSecret);
    }

    ManagementApi managementOf(String credential) {
        return new ManagementApi(registry, credential);
    }

    GatewayCalls callsWith(String credential) {
        return new GatewayCalls(gateway, credential);
    }
}
