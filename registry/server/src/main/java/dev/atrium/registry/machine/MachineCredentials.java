package dev.atrium.registry.machine;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.node.MemberRole;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Issues, rotates and checks the credentials of gateways and nodes. */
@Service
public class MachineCredentials {
    static final String PREFIX = "atm_";
    private static final int SECRET_BYTES = 32;

    private final JdbcClient jdbc;
    private final MachineProperties properties;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    MachineCredentials(
            @Qualifier("platformJdbc") JdbcClient jdbc, MachineProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    /** The first credential of a machine that joined; earlier ones stop, for it was taken over. */
    @Transactional("platformTransactionManager")
    public String issue(MemberRole role, UUID machineId) {
        withdraw(role, machineId);
        return insert(role, machineId);
    }

    /** None of the machine's credentials is good any more. */
    @Transactional("platformTransactionManager")
    public void withdraw(MemberRole role, UUID machineId) {
        jdbc.sql("DELETE FROM machine_credential WHERE role = ? AND machine_id = ?")
                .params(role.name(), machineId)
                .update();
    }

    /**
     * The machine's next credential when the one it used is old enough, or was replaced before and
     * the answer that said so got lost. The used one stays valid for a while.
     */
    @Transactional("platformTransactionManager")
    public Optional<String> rotate(Machine machine) {
        if (!machine.credentialDue()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        jdbc.sql("DELETE FROM machine_credential WHERE machine_id = ? AND valid_until < ?")
                .params(machine.id(), Timestamp.from(now))
                .update();
        jdbc.sql(
                        """
                        UPDATE machine_credential SET valid_until = coalesce(valid_until, ?)
                        WHERE role = ? AND machine_id = ?
                        """)
                .params(
                        Timestamp.from(now.plus(properties.overlap())),
                        machine.role().name(),
                        machine.id())
                .update();
        return Optional.of(insert(machine.role(), machine.id()));
    }

    private String insert(MemberRole role, UUID machineId) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String credential = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        jdbc.sql(
                        """
                        INSERT INTO machine_credential (secret_hash, role, machine_id, issued_at)
                        VALUES (?, ?, ?, ?)
                        """)
                .params(
                        ApiKeyFormat.sha256(credential),
                        role.name(),
                        machineId,
                        Timestamp.from(clock.instant()))
                .update();
        return credential;
    }

    /**
     * Who the credential belongs to; found by the hash of 256 random bits, so timing tells none.
     */
    Optional<Machine> authenticate(String credential) {
        if (!credential.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return jdbc.sql(
                        """
                        SELECT role, machine_id, issued_at, valid_until FROM machine_credential
                        WHERE secret_hash = ? AND (valid_until IS NULL OR valid_until > ?)
                        """)
                .params(ApiKeyFormat.sha256(credential), Timestamp.from(now))
                .query((row, number) -> machine(row, now))
                .optional();
    }

    private Machine machine(ResultSet row, Instant now) throws SQLException {
        Instant issuedAt = row.getTimestamp("issued_at").toInstant();
        boolean due =
                row.getTimestamp("valid_until") != null
                        || issuedAt.plus(properties.rotateAfter()).isBefore(now);
        return new Machine(
                MemberRole.valueOf(row.getString("role")),
                row.getObject("machine_id", UUID.class),
                due);
    }
}
