package dev.atrium.registry.authorization;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.atrium.registry.database.AdvisoryLock;
import dev.atrium.registry.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The keys in the database, private parts encrypted under the master key.
 *
 * <p>A key signs while it is the one that retires first; the next one is made, and so published, a
 * lead before that. So every registry has seen a key before any of them signs with it.
 */
@Component
class SigningKeyStore {
    private static final String PURPOSE = "signing key";
    private static final int BITS = 2048;

    /** One key with both parts. */
    record StoredKey(RSAKey key, Instant retiresAt) {}

    private final JdbcClient jdbc;
    private final MasterKey masterKey;
    private final AuthorizationProperties properties;

    SigningKeyStore(
            @Qualifier("platformJdbc") JdbcClient jdbc,
            MasterKey masterKey,
            AuthorizationProperties properties) {
        this.jdbc = jdbc;
        this.masterKey = masterKey;
        this.properties = properties;
    }

    /** Every key that may still verify a token, the one that signs first. */
    List<StoredKey> published(Instant now) {
        List<StoredKey> keys =
                jdbc.sql(
                                """
                                SELECT private_jwk, retires_at FROM signing_key WHERE removed_at > ?
                                ORDER BY (retires_at <= ?), retires_at, kid
                                """)
                        .params(Timestamp.from(now), Timestamp.from(now))
                        .query(this::key)
                        .list();
        return keys;
    }

    /** Makes the key that is due, if one is; one registry at a time. */
    @Transactional("platformTransactionManager")
    public void rotate(Instant now) {
        jdbc.sql("SELECT pg_advisory_xact_lock(?)")
                .params(AdvisoryLock.SIGNING_KEYS.number())
                .query(row -> {});
        Instant covered =
                jdbc
                        .sql("SELECT max(retires_at) FROM signing_key")
                        .query((row, number) -> row.getTimestamp(1))
                        .list()
                        .stream()
                        .filter(java.util.Objects::nonNull)
                        .map(Timestamp::toInstant)
                        .findFirst()
                        .orElse(now);
        if (covered.isAfter(now.plus(properties.keyLead()))) {
            return;
        }
        Instant begins = covered.isAfter(now) ? covered : now;
        insert(generate(), now, begins.plus(properties.keyRotation()));
        jdbc.sql("DELETE FROM signing_key WHERE removed_at < ?")
                .params(Timestamp.from(now))
                .update();
    }

    private void insert(RSAKey key, Instant now, Instant retiresAt) {
        jdbc.sql(
                        """
                        INSERT INTO signing_key (kid, public_jwk, private_jwk, created_at, retires_at, removed_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        key.getKeyID(),
                        key.toPublicJWK().toJSONString(),
                        masterKey.encrypt(
                                PURPOSE, key.toJSONString().getBytes(StandardCharsets.UTF_8)),
                        Timestamp.from(now),
                        Timestamp.from(retiresAt),
                        Timestamp.from(retiresAt.plus(properties.keyVerifies())))
                .update();
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(BITS)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot make an RSA key", e);
        }
    }

    private StoredKey key(ResultSet row, int number) throws SQLException {
        byte[] plain = masterKey.decrypt(PURPOSE, row.getBytes("private_jwk"));
        try {
            return new StoredKey(
                    RSAKey.parse(new String(plain, StandardCharsets.UTF_8)),
                    row.getTimestamp("retires_at").toInstant());
        } catch (ParseException e) {
            throw new IllegalStateException("a stored signing key cannot be read", e);
        }
    }
}
