package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.database.AdvisoryLock;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Tenants, seen from the platform: every method works on any tenant. */
@Service
@Transactional("platformTransactionManager")
public class TenantService {
    /** Slug of the platform's own tenant, whose models may be public. */
    public static final String PLATFORM_SLUG = "atrium";

    private static final String COLUMNS = "id, slug, name, status, time_zone, created_at";

    private final JdbcClient platform;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;

    TenantService(
            @Qualifier("platformJdbc") JdbcClient platform,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging) {
        this.platform = platform;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
    }

    /** A tenant with its default project. */
    public Tenant create(CreateTenant wish) {
        String slug = Slug.checked(wish.slug());
        try {
            return insert(
                    slug,
                    Slug.checkedName("name", wish.name()),
                    checkedZone(wish.timeZone() == null ? "UTC" : wish.timeZone()),
                    false);
        } catch (DuplicateKeyException e) {
            throw new NameTakenException("Tenant", slug);
        }
    }

    /** The platform's own tenant, made by the first registry that starts. */
    public Tenant ensurePlatformTenant() {
        platform.sql("SELECT pg_advisory_xact_lock(?)")
                .param(AdvisoryLock.PLATFORM_TENANT.number())
                .query()
                .singleRow();
        return platform.sql("SELECT " + COLUMNS + " FROM tenant WHERE platform")
                .query(TenantService::tenant)
                .optional()
                .orElseGet(() -> insert(PLATFORM_SLUG, "Atrium", "UTC", true));
    }

    private Tenant insert(String slug, String name, String timeZone, boolean isPlatform) {
        Tenant tenant =
                platform.sql(
                                "INSERT INTO tenant (slug, name, time_zone, platform) VALUES (?, ?,"
                                        + " ?, ?) RETURNING "
                                        + COLUMNS)
                        .params(slug, name, timeZone, isPlatform)
                        .query(TenantService::tenant)
                        .single();
        platform.sql(
                        "INSERT INTO project (tenant_id, slug, name) VALUES (?, 'default',"
                                + " 'Default')")
                .param(tenant.id().value())
                .update();
        publish(tenant);
        audit.record(tenant.id(), "tenant.created", "tenant:" + slug, null);
        return tenant;
    }

    /** Suspending stops the tenant's keys and tokens; its data stays. */
    public Tenant changeStatus(TenantId id, TenantStatus status) {
        Tenant tenant =
                platform.sql(
                                "UPDATE tenant SET status = ?, revision = revision + 1 WHERE id = ?"
                                        + " AND (status = ? OR NOT platform) RETURNING "
                                        + COLUMNS)
                        .params(status.name(), id.value(), status.name())
                        .query(TenantService::tenant)
                        .optional()
                        .orElseThrow(() -> notSuspendable(id));
        publish(tenant);
        audit.record(
                id,
                status == TenantStatus.ACTIVE ? "tenant.resumed" : "tenant.suspended",
                "tenant:" + tenant.slug(),
                null);
        return tenant;
    }

    private RuntimeException notSuspendable(TenantId id) {
        return find(id).isPresent()
                ? new InvalidRequestException("The platform's own tenant cannot be suspended.")
                : new TenantNotFoundException();
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Optional<Tenant> find(TenantId id) {
        return platform.sql("SELECT " + COLUMNS + " FROM tenant WHERE id = ?")
                .param(id.value())
                .query(TenantService::tenant)
                .optional();
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Tenant get(TenantId id) {
        return find(id).orElseThrow(TenantNotFoundException::new);
    }

    /** Every tenant that the user is a member of, active or not. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public List<Tenant> ofUser(UserId user) {
        return platform.sql(
                        "SELECT "
                                + COLUMNS
                                + " FROM tenant WHERE id IN (SELECT tenant_id FROM member WHERE"
                                + " user_id = ?) ORDER BY slug")
                .param(user.value())
                .query(TenantService::tenant)
                .list();
    }

    /** Ordered by slug. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<Tenant> list(PageRequest request) {
        Window window = paging.window("tenants", request);
        List<Tenant> rows =
                platform.sql(
                                "SELECT "
                                        + COLUMNS
                                        + " FROM tenant WHERE slug > ? ORDER BY slug LIMIT ?")
                        .params(window.after().orElse(""), window.fetch())
                        .query(TenantService::tenant)
                        .list();
        return paging.page(window, rows, Tenant::slug, tenant -> tenant);
    }

    private void publish(Tenant tenant) {
        feed.publish(
                FeedKind.TENANT,
                tenant.id().toString(),
                new FeedTenant(tenant.id(), tenant.slug(), tenant.status() == TenantStatus.ACTIVE));
    }

    private static String checkedZone(String timeZone) {
        try {
            return ZoneId.of(timeZone).getId();
        } catch (DateTimeException e) {
            throw new InvalidRequestException(
                    "'timeZone' is '" + timeZone + "', not an IANA zone such as Europe/Paris");
        }
    }

    static Tenant tenant(ResultSet row, int number) throws SQLException {
        return new Tenant(
                new TenantId(row.getObject("id", UUID.class)),
                row.getString("slug"),
                row.getString("name"),
                TenantStatus.valueOf(row.getString("status")),
                row.getString("time_zone"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
