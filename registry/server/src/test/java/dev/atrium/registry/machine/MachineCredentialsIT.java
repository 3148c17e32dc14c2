package dev.atrium.registry.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.api.node.MemberRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class MachineCredentialsIT extends RegistryTest {
    @Autowired MachineCredentials running;

    private final MutableClock clock = new MutableClock(Instant.now());
    private final MachineCredentials credentials =
            new MachineCredentials(
                    JdbcClient.create(platformOf(databaseUrl())),
                    new MachineProperties(Duration.ofHours(6), Duration.ofMinutes(10)),
                    clock);

    @Test
    void isReplacedAfterSixHoursAndTheOldOneStaysTenMinutes() {
        UUID node = UUID.randomUUID();
        String first = credentials.issue(MemberRole.NODE, node);
        assertThat(credentials.rotate(machine(first))).isEmpty();

        clock.advance(Duration.ofHours(6).plusSeconds(1));
        String second = credentials.rotate(machine(first)).orElseThrow();
        clock.advance(Duration.ofMinutes(9));
        Optional<Machine> inTime = credentials.authenticate(first);
        clock.advance(Duration.ofMinutes(2));

        assertThat(inTime).isPresent();
        assertThat(credentials.authenticate(first)).isEmpty();
        assertThat(machine(second)).isEqualTo(new Machine(MemberRole.NODE, node, false));
    }

    @Test
    void lostAnswerDoesNotLockTheMachineOut() {
        String first = credentials.issue(MemberRole.GATEWAY, UUID.randomUUID());
        clock.advance(Duration.ofHours(7));

        credentials.rotate(machine(first));
        String third = credentials.rotate(machine(first)).orElseThrow();
        clock.advance(Duration.ofMinutes(11));

        assertThat(credentials.authenticate(third)).isPresent();
    }

    @Test
    void joiningAgainTakesTheMachineOver() {
        UUID node = UUID.randomUUID();
        String first = credentials.issue(MemberRole.NODE, node);

        credentials.issue(MemberRole.NODE, node);

        assertThat(credentials.authenticate(first)).isEmpty();
    }

    @Test
    void internalPortAsksForTheRightMachine() {
        String gateway = running.issue(MemberRole.GATEWAY, UUID.randomUUID());
        String node = running.issue(MemberRole.NODE, UUID.randomUUID());

        Answer without = internalHttp().get("/internal/v1/feed");
        Answer wrong = internalHttp().get("/internal/v1/feed", "atm_wrong");
        Answer byNode = internalHttp().get("/internal/v1/feed", node);
        Answer byGateway = internalHttp().get("/internal/v1/feed", gateway);
        Answer artifact = internalHttp().get("/internal/v1/artifacts/" + "0".repeat(64), gateway);

        assertThat(without.status()).isEqualTo(401);
        assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"atrium\"");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(byNode.status()).isEqualTo(403);
        assertThat(byGateway.status()).isEqualTo(200);
        assertThat(artifact.status()).isEqualTo(403);
    }

    @Test
    void machineIsNobodyOnTheManagementApi() {
        String node = running.issue(MemberRole.NODE, UUID.randomUUID());

        assertThat(http().get("/api/v1/me", node).status()).isEqualTo(401);
    }

    private Machine machine(String credential) {
        return credentials.authenticate(credential).orElseThrow();
    }
}
