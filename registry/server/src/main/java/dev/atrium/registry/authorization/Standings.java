package dev.atrium.registry.authorization;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Looks up standings. One query on every request, so that a removed member, a deactivated user, a
 * deleted account or a suspended tenant stops at once and not when its token expires.
 */
@Component
class Standings {
    private static final String USER =
            """
            SELECT u.id, u.email, u.must_change_password, u.platform_admin, m.role,
                   t.id AS tenant_id, p.id AS project_id
            FROM app_user u
            JOIN member m ON m.user_id = u.id
            JOIN tenant t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
            JOIN project p ON p.tenant_id = t.id AND p.slug = 'default'
            WHERE u.active AND u.id = ?
            """;
    private static final String ACCOUNT =
            """
            SELECT s.id, s.client_id, s.scopes, s.tenant_id, s.project_id
            FROM service_account s JOIN tenant t ON t.id = s.tenant_id AND t.status = 'ACTIVE'
            WHERE s.deleted_at IS NULL AND s.id = ?
            """;
    private static final String PLATFORM =
            """
            SELECT t.id AS tenant_id, p.id AS project_id
            FROM tenant t JOIN project p ON p.tenant_id = t.id AND p.slug = 'default'
            WHERE t.platform
            """;

    private final JdbcClient jdbc;

    Standings(@Qualifier("platformJdbc") JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A user in the tenant that the next token acts in; empty for one who may not sign in. */
    Optional<Standing> ofUser(UUID user) {
        return jdbc.sql(
                        USER
                                + " ORDER BY (t.id = u.active_tenant_id) DESC NULLS LAST, m.created_at, t.id LIMIT 1")
                .params(user)
                .query(Standings::user)
                .optional();
    }

    Optional<Standing> ofUser(UUID user, TenantId tenant) {
        return jdbc.sql(USER + " AND t.id = ?")
                .params(user, tenant.value())
                .query(Standings::user)
                .optional();
    }

    Optional<Standing> ofServiceAccount(UUID account) {
        return jdbc.sql(ACCOUNT).params(account).query(Standings::account).optional();
    }

    Optional<Standing> ofOperator() {
        return jdbc.sql(PLATFORM)
                .query((row, number) ->
                        standing(
                                row,
                                PrincipalKind.SERVICE_ACCOUNT,
                                Clients.OPERATOR,
                                Clients.OPERATOR,
                                EnumSet.allOf(Scope.class),
                                null,
                                false))
                .optional();
    }

    private static Standing user(ResultSet row, int number) throws SQLException {
        Role role = Role.valueOf(row.getString("role"));
        Set<Scope> allowed = EnumSet.copyOf(Scope.of(role));
        if (row.getBoolean("platform_admin")) {
            allowed.add(Scope.PLATFORM_ADMIN);
        }
        return standing(
                row,
                PrincipalKind.USER,
                row.getString("id"),
                row.getString("email"),
                allowed,
                role,
                row.getBoolean("must_change_password"));
    }

    private static Standing account(ResultSet row, int number) throws SQLException {
        Set<Scope> allowed =
                Stream.of((String[]) row.getArray("scopes").getArray())
                        .flatMap(name -> Scope.fromWireName(name).stream())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
        return standing(
                row,
                PrincipalKind.SERVICE_ACCOUNT,
                row.getString("id"),
                row.getString("client_id"),
                allowed,
                null,
                false);
    }

    private static Standing standing(
            ResultSet row,
            PrincipalKind kind,
            String id,
            String label,
            Set<Scope> allowed,
            @Nullable Role role,
            boolean mustChangePassword)
            throws SQLException {
        return new Standing(
                kind,
                id,
                label,
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                allowed,
                role,
                mustChangePassword);
    }
}
