package dev.atrium.registry;

import dev.atrium.migrations.DatabaseRoles;
import dev.atrium.migrations.LocalPostgres;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.tenancy.MemberService;
import dev.atrium.registry.tenancy.TenantService;
import dev.atrium.registry.web.InternalConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
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
    protected static final String PORTAL_URL = "http://registry.test:8082";
    protected static final String ADMIN_PASSWORD = "made by the launcher";
    private static final LocalPostgres POSTGRES = startPostgres();

    private static final AtomicInteger TENANTS = new AtomicInteger();
    protected static final String OPERATOR_SECRET = "operator-secret";

    @LocalServerPort protected int publicPort;
    @Autowired protected InternalConnector internalConnector;
    @Autowired private TenantService tenantService;
    @Autowired private MemberService memberService;

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
        settings.put("ATRIUM_PORTAL_CLIENT_SECRET", SignInBrowser.PORTAL_SECRET);
        settings.put("ATRIUM_OPERATOR_CLIENT_SECRET", OPERATOR_SECRET);
        settings.put("ATRIUM_ADMIN_PASSWORD", ADMIN_PASSWORD);
        settings.put("atrium.registry.identity.password-cost", "4");
        // All tests come from one address.
        settings.put("atrium.registry.sign-in.free-attempts-per-address", "10000");
        settings.put("atrium.registry.idempotency.max-kept-per-tenant", "3MB");
        settings.put("atrium.registry.quota.policy.max-for-each", "1000");
        // Receivers of tests are on this machine.
        settings.put("atrium.registry.webhook.allow-loopback", "true");
        settings.put("atrium.registry.webhook.first-retry", "100ms");
        settings.put("atrium.registry.webhook.connect-timeout", "2s");
        settings.put("atrium.registry.webhook.answer-timeout", "5s");
        settings.putAll(TestMail.settings());
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

    protected RegistryClient http() {
        return new RegistryClient(publicBase());
    }

    protected RegistryClient internalHttp() {
        return new RegistryClient(internalBase());
    }

    protected SignInBrowser browser() {
        return new SignInBrowser(http(), PORTAL_URL);
    }

    /** A fresh tenant whose owner has signed in. */
    protected TestTenant tenant(String name) {
        String slug = name + "-" + TENANTS.incrementAndGet();
        Tenant tenant = tenantService.create(new CreateTenant(slug, slug, null));
        String email = "owner@" + slug + ".test";
        Member owner = addMember(tenant.id(), email, Role.OWNER);
        return new TestTenant(tenant, owner.userId(), email, tokenOf(email));
    }

    /** A member with the password {@link TestTenant#PASSWORD}. */
    protected Member addMember(TenantId tenant, String email, Role role) {
        return memberService
                .add(tenant, new AddMember(email, email, role, TestTenant.PASSWORD))
                .member();
    }

    /** An access token by the whole sign-in. */
    protected String tokenOf(String email) {
        return browser().signIn(email, TestTenant.PASSWORD).json().path("access_token").asString();
    }

    /** A token with every scope, acting in the platform's tenant. */
    protected String operatorToken() {
        Answer answer =
                http().form(
                                "/oauth2/token",
                                "atrium-operator",
                                OPERATOR_SECRET,
                                Map.of("grant_type", "client_credentials"));
        return answer.json().path("access_token").asString();
    }

    /** A migrated database of its own, for what would disturb the others; answers its address. */
    protected static String freshDatabase(String name) {
        String url = emptyDatabase(name);
        Flyway.configure().dataSource(url, DatabaseRoles.OWNER, "owner-pw").load().migrate();
        return url;
    }

    /** The same before any migration. */
    protected static String emptyDatabase(String name) {
        try (Connection superuser = POSTGRES.superuser();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + DatabaseRoles.OWNER);
            return POSTGRES.jdbcUrl(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make the database " + name, e);
        }
    }

    protected static DataSource platformOf(String url) {
        return new DriverManagerDataSource(url, DatabaseRoles.PLATFORM, "platform-pw");
    }

    protected static DataSource appOf(String url) {
        return new DriverManagerDataSource(url, DatabaseRoles.APP, "app-pw");
    }

    protected static DataSource ownerOf(String url) {
        return new DriverManagerDataSource(url, DatabaseRoles.OWNER, "owner-pw");
    }

    protected static String databaseUrl() {
        return POSTGRES.jdbcUrl(DatabaseRoles.DATABASE);
    }
}
