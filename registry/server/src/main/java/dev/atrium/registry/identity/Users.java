package dev.atrium.registry.identity;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The people who can sign in. They belong to no tenant, so everything here is a transaction of the
 * platform, or part of the one that is open.
 */
@Service
public class Users {
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>\"]{1,64}@[^\\s@<>\"]{1,189}");
    private static final String COLUMNS =
            "id, email, display_name, must_change_password, platform_admin, active, active_tenant_id";

    private final JdbcClient jdbc;
    private final Passwords passwords;
    private final AuditLog audit;
    private final IdentityProperties properties;

    Users(
            @Qualifier("platformJdbc") JdbcClient jdbc,
            Passwords passwords,
            AuditLog audit,
            IdentityProperties properties) {
        this.properties = properties;
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.audit = audit;
    }

    public Optional<User> find(UserId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM app_user WHERE id = ?")
                .params(id.value())
                .query(Users::user)
                .optional();
    }

    public Optional<User> findByEmail(String email) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM app_user WHERE email = ?")
                .params(normalize(email))
                .query(Users::user)
                .optional();
    }

    /** The active user with this address and password; takes the same time for every failure. */
    public Optional<User> authenticate(String email, String password) {
        Optional<String> hash =
                jdbc.sql("SELECT password_hash FROM app_user WHERE email = ? AND active")
                        .params(normalize(email))
                        .query(String.class)
                        .optional();
        if (hash.isEmpty()) {
            passwords.matchNobody(password);
            return Optional.empty();
        }
        return passwords.matches(password, hash.get()) ? findByEmail(email) : Optional.empty();
    }

    /**
     * The user with this address, who keeps name and password; else a new one.
     *
     * @param password of a new user; null has one generated, to be changed at the first sign-in
     */
    @Transactional("platformTransactionManager")
    public NewUser findOrCreate(String email, String displayName, @Nullable String password) {
        String address = normalize(email);
        if (!EMAIL.matcher(address).matches()) {
            throw new InvalidUserException("'email' is '" + email + "', not an address");
        }
        if (displayName.isBlank() || displayName.length() > 200) {
            throw new InvalidUserException("'displayName' must have 1 to 200 characters");
        }
        if (password != null) {
            passwords.requireAcceptable(password, address);
        }
        Optional<User> known = findByEmail(address);
        if (known.isPresent()) {
            return new NewUser(known.get(), Optional.empty());
        }
        String first = password == null ? passwords.generate() : password;
        return insert(address, displayName.strip(), first, password == null, false)
                .map(user ->
                        new NewUser(user, password == null ? Optional.of(first) : Optional.empty()))
                // Somebody else made the same user at this moment.
                .orElseGet(() -> new NewUser(findByEmail(address).orElseThrow(), Optional.empty()));
    }

    /**
     * The configured platform admin where there is no admin yet. The password is known to who set
     * the installation up, so it must be changed.
     */
    @Transactional("platformTransactionManager")
    public Optional<User> createFirstAdmin() {
        String password = properties.adminPassword();
        boolean anyAdmin =
                jdbc.sql("SELECT EXISTS (SELECT FROM app_user WHERE platform_admin)")
                        .query(Boolean.class)
                        .single();
        if (anyAdmin || password == null || password.isEmpty()) {
            return Optional.empty();
        }
        String email = normalize(properties.adminEmail());
        return insert(email, "Administrator", password, true, true);
    }

    private Optional<User> insert(
            String email, String displayName, String password, boolean mustChange, boolean admin) {
        return jdbc.sql(
                        """
                        INSERT INTO app_user (email, display_name, password_hash, must_change_password, platform_admin)
                        VALUES (?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING\s\
                        """
                                + COLUMNS)
                .params(email, displayName, passwords.hash(password), mustChange, admin)
                .query(Users::user)
                .optional();
    }

    /**
     * @param current may be null only where the change is forced
     * @throws WrongPasswordException when the current one is needed and not right
     * @throws WeakPasswordException when the new one breaks a rule
     */
    @Transactional("platformTransactionManager")
    public void changePassword(UserId id, @Nullable String current, String next) {
        User user = find(id).orElseThrow();
        String hash =
                jdbc.sql("SELECT password_hash FROM app_user WHERE id = ? FOR UPDATE")
                        .params(id.value())
                        .query(String.class)
                        .single();
        boolean currentIsRight = current != null && passwords.matches(current, hash);
        if (!currentIsRight && (current != null || !user.mustChangePassword())) {
            throw new WrongPasswordException();
        }
        passwords.requireAcceptable(next, user.email());
        if (passwords.matches(next, hash)) {
            throw new WeakPasswordException("the new password is the one you have");
        }
        jdbc.sql("UPDATE app_user SET password_hash = ?, must_change_password = false WHERE id = ?")
                .params(passwords.hash(next), id.value())
                .update();
        audit.recordAs(user.actor(), null, "user.password_changed", user.actor(), null);
    }

    @Transactional("platformTransactionManager")
    public void switchTenant(UserId id, TenantId tenant) {
        jdbc.sql("UPDATE app_user SET active_tenant_id = ? WHERE id = ?")
                .params(tenant.value(), id.value())
                .update();
    }

    private static String normalize(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    private static User user(ResultSet row, int number) throws SQLException {
        UUID tenant = row.getObject("active_tenant_id", UUID.class);
        return new User(
                new UserId(row.getObject("id", UUID.class)),
                row.getString("email"),
                row.getString("display_name"),
                row.getBoolean("must_change_password"),
                row.getBoolean("platform_admin"),
                row.getBoolean("active"),
                tenant == null ? null : new TenantId(tenant));
    }
}
