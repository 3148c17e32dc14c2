package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.feed.FeedBlockedPrincipal;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.CreateServiceAccount;
import dev.atrium.registry.api.tenancy.CreatedServiceAccount;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.ServiceAccount;
import dev.atrium.registry.api.tenancy.ServiceAccountId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** OAuth clients that programs of a tenant sign in with. */
@Service
public class ServiceAccountService {
    private static final String COLUMNS =
            "id, tenant_id, project_id, client_id, secret_hash, name, scopes, created_at";
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 9;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final JdbcClient platform;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;
    private final Clock clock;

    ServiceAccountService(
            JdbcClient jdbc,
            @Qualifier("platformJdbc") JdbcClient platform,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging,
            Clock clock) {
        this.jdbc = jdbc;
        this.platform = platform;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.clock = clock;
    }

    /** The only moment at which anybody sees the secret. */
    @Transactional
    public CreatedServiceAccount create(Caller caller, CreateServiceAccount wish) {
        String secret = random(SECRET_BYTES);
        String clientId = "sa-" + random(ID_BYTES);
        ServiceAccountCredential account =
                jdbc.sql(
                                """
                                INSERT INTO service_account (tenant_id, project_id, client_id, secret_hash, name,
                                                             scopes, created_by)
                                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING\s\
                                """
                                        + COLUMNS)
                        .param(caller.tenantId().value())
                        .param(caller.projectId().value())
                        .param(clientId)
                        .param(ApiKeyFormat.sha256(secret))
                        .param(Slug.checkedName("name", wish.name()))
                        .param(checkedScopes(caller, wish.scopes()).toArray(String[]::new))
                        .param(caller.actor())
                        .query(ServiceAccountService::credential)
                        .single();
        audit.record("service_account.created", "service:" + clientId, account.name());
        return new CreatedServiceAccount(toServiceAccount(account), secret);
    }

    /** Its tokens stop within a second, at the gateways too. */
    @Transactional
    public void delete(TenantId tenant, ServiceAccountId id) {
        String clientId =
                jdbc.sql(
                                "UPDATE service_account SET deleted_at = now() WHERE tenant_id = ?"
                                        + " AND id = ? AND deleted_at IS NULL RETURNING client_id")
                        .params(tenant.value(), id.value())
                        .query((row, number) -> row.getString("client_id"))
                        .optional()
                        .orElseThrow(ServiceAccountNotFoundException::new);
        feed.publish(
                FeedKind.BLOCKED_PRINCIPAL,
                id.toString(),
                new FeedBlockedPrincipal(id.toString(), clock.instant()));
        audit.record("service_account.deleted", "service:" + clientId, null);
    }

    /** Ordered by client id. */
    @Transactional(readOnly = true)
    public Page<ServiceAccount> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("service-accounts", request);
        List<ServiceAccountCredential> rows =
                jdbc.sql(
                                "SELECT "
                                        + COLUMNS
                                        + " FROM service_account WHERE tenant_id = ? AND deleted_at"
                                        + " IS NULL AND client_id > ? ORDER BY client_id LIMIT ?")
                        .params(tenant.value(), window.after().orElse(""), window.fetch())
                        .query(ServiceAccountService::credential)
                        .list();
        return paging.page(
                window,
                rows,
                ServiceAccountCredential::clientId,
                ServiceAccountService::toServiceAccount);
    }

    /** For the authorization server: any tenant's living account by its client id. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Optional<ServiceAccountCredential> findByClientId(String clientId) {
        return platform.sql(
                        "SELECT "
                                + COLUMNS
                                + " FROM service_account WHERE client_id = ? AND deleted_at IS"
                                + " NULL")
                .param(clientId)
                .query(ServiceAccountService::credential)
                .optional();
    }

    private static List<String> checkedScopes(Caller caller, List<String> wished) {
        if (wished.isEmpty()) {
            throw new InvalidRequestException("'scopes' is empty: the account could do nothing");
        }
        for (String name : wished) {
            Optional<Scope> scope = Scope.fromWireName(name);
            if (scope.isEmpty()
                    || scope.get() == Scope.PLATFORM_ADMIN
                    || !caller.may(scope.get())) {
                throw new InvalidRequestException(
                        "'scopes' has '" + name + "', which you do not hold");
            }
        }
        return wished.stream().distinct().sorted().toList();
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static ServiceAccount toServiceAccount(ServiceAccountCredential account) {
        return new ServiceAccount(
                account.id(),
                account.clientId(),
                account.name(),
                account.scopes(),
                account.createdAt());
    }

    private static ServiceAccountCredential credential(ResultSet row, int number)
            throws SQLException {
        return new ServiceAccountCredential(
                new ServiceAccountId(row.getObject("id", UUID.class)),
                row.getString("client_id"),
                row.getString("name"),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                row.getString("secret_hash"),
                List.of((String[]) row.getArray("scopes").getArray()),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
