package dev.atrium.registry;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import dev.atrium.registry.web.InternalConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A running registry on free ports over a real PostgreSQL, one for all tests of the JVM. Tests make
 * their own tenants and never clean up.
 */
@SpringBootTest(
        classes = RegistryApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class RegistryTest {
    protected static final String PUBLIC_URL = "http://registry.test:8081";
    private static final LocalPostgres POSTGRES = startPostgres();

    @LocalServerPort protected int publicPort;
    @Autowired protected InternalConnector internalConnector;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        settings().forEach((name, value) -> registry.add(name, () -> value));
    }

    /** What a second registry on the same database needs, too. */
    protected static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("ATRIUM_DB_URL", POSTGRES.jdbcUrl(DatabaseRoles.DATABASE));
        settings.put("ATRIUM_DB_OWNER_PASSWORD", "owner-pw");
        settings.put("ATRIUM_DB_APP_PASSWORD", "app-pw");
        settings.put("ATRIUM_DB_PLATFORM_PASSWORD", "platform-pw");
        settings.put("ATRIUM_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        settings.put("ATRIUM_PUBLIC_URL", PUBLIC_URL);
        settings.put("ATRIUM_REGISTRY_INTERNAL_PORT", "0");
        settings.put("ATRIUM_STORE_DIR", "target/store");
        return settings;
    }

    private static LocalPostgres startPostgres() {
        LocalPostgres postgres = LocalPostgres.temporary();
        try (Connection superuser = postgres.superuser()) {
            new DatabaseRoles("owner-pw", "app-pw", "platform-pw").ensure(superuser);
            return postgres;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make the database roles", e);
        }
    }

    protected String publicBase() {
        return "http://127.0.0.1:" + publicPort;
    }

    protected String internalBase() {
        return "http://127.0.0.1:" + internalConnector.port();
    }
}
