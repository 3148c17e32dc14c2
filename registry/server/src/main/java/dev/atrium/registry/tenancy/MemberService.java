package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.feed.FeedBlockedPrincipal;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.feed.FeedPublisher;
import dev.atrium.registry.identity.NewUser;
import dev.atrium.registry.identity.Users;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The members of a tenant.
 *
 * <p>Works as the platform because users belong to no tenant; every statement names the tenant, and
 * callers give the one of their credential.
 */
@Service
@Transactional("platformTransactionManager")
public class MemberService {
    private static final String SELECT =
            """
            SELECT u.id, u.email, u.display_name, u.active, m.role, m.created_at
            FROM member m JOIN app_user u ON u.id = m.user_id WHERE m.tenant_id = ?
            """;

    private final JdbcClient platform;
    private final Users users;
    private final FeedPublisher feed;
    private final AuditLog audit;
    private final Paging paging;
    private final Clock clock;

    MemberService(
            @Qualifier("platformJdbc") JdbcClient platform,
            Users users,
            FeedPublisher feed,
            AuditLog audit,
            Paging paging,
            Clock clock) {
        this.platform = platform;
        this.users = users;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.clock = clock;
    }

    /** A user who exists keeps name and password; only the membership is new. */
    public AddedMember add(TenantId tenant, AddMember wish) {
        requireTenant(tenant);
        NewUser added = users.findOrCreate(wish.email(), wish.displayName(), wish.password());
        UUID user = added.user().id().value();
        String email = added.user().email();
        try {
            platform.sql("INSERT INTO member (tenant_id, user_id, role) VALUES (?, ?, ?)")
                    .params(tenant.value(), user, wish.role().name())
                    .update();
        } catch (DuplicateKeyException e) {
            throw new NameTakenException("Member", email);
        }
        feed.remove(FeedKind.BLOCKED_PRINCIPAL, blockedId(tenant, user));
        audit.record(tenant, "member.added", "user:" + email, wish.role().name());
        return new AddedMember(
                get(tenant, new UserId(user)), added.generatedPassword().orElse(null));
    }

    public Member changeRole(TenantId tenant, UserId user, Role role) {
        lockOwners(tenant);
        Member member = get(tenant, user);
        if (member.role() == Role.OWNER && role != Role.OWNER) {
            requireAnotherOwner(tenant, user);
        }
        platform.sql("UPDATE member SET role = ? WHERE tenant_id = ? AND user_id = ?")
                .params(role.name(), tenant.value(), user.value())
                .update();
        audit.record(tenant, "member.role_changed", "user:" + member.email(), role.name());
        return get(tenant, user);
    }

    /** The member's tokens for this tenant stop within a second, at the gateways too. */
    public void remove(TenantId tenant, UserId user) {
        lockOwners(tenant);
        Member member = get(tenant, user);
        if (member.role() == Role.OWNER) {
            requireAnotherOwner(tenant, user);
        }
        platform.sql("DELETE FROM member WHERE tenant_id = ? AND user_id = ?")
                .params(tenant.value(), user.value())
                .update();
        platform.sql(
                        "UPDATE app_user SET active_tenant_id = (SELECT tenant_id FROM member WHERE"
                                + " user_id = app_user.id ORDER BY created_at LIMIT 1) WHERE id = ?"
                                + " AND active_tenant_id = ?")
                .params(user.value(), tenant.value())
                .update();
        String id = blockedId(tenant, user.value());
        feed.publish(FeedKind.BLOCKED_PRINCIPAL, id, new FeedBlockedPrincipal(id, clock.instant()));
        audit.record(tenant, "member.removed", "user:" + member.email(), null);
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Member get(TenantId tenant, UserId user) {
        return platform.sql(SELECT + " AND m.user_id = ?")
                .params(tenant.value(), user.value())
                .query(MemberService::member)
                .optional()
                .orElseThrow(MemberNotFoundException::new);
    }

    /** The role that a user has in a tenant now. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Optional<Role> role(TenantId tenant, UserId user) {
        return platform.sql("SELECT role FROM member WHERE tenant_id = ? AND user_id = ?")
                .params(tenant.value(), user.value())
                .query((row, number) -> Role.valueOf(row.getString("role")))
                .optional();
    }

    /** Ordered by address. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<Member> list(TenantId tenant, PageRequest request) {
        requireTenant(tenant);
        Window window = paging.window("members of " + tenant, request);
        List<Member> rows =
                platform.sql(SELECT + " AND u.email > ? ORDER BY u.email LIMIT ?")
                        .params(tenant.value(), window.after().orElse(""), window.fetch())
                        .query(MemberService::member)
                        .list();
        return paging.page(window, rows, Member::email, member -> member);
    }

    private void requireTenant(TenantId tenant) {
        if (platform.sql("SELECT FROM tenant WHERE id = ?")
                .param(tenant.value())
                .query()
                .listOfRows()
                .isEmpty()) {
            throw new TenantNotFoundException();
        }
    }

    /** Two owners who remove each other at once must not both succeed. */
    private void lockOwners(TenantId tenant) {
        platform.sql(
                        "SELECT user_id FROM member WHERE tenant_id = ? AND role = 'OWNER' ORDER BY"
                                + " user_id FOR UPDATE")
                .param(tenant.value())
                .query()
                .listOfRows();
    }

    private void requireAnotherOwner(TenantId tenant, UserId user) {
        long others =
                platform.sql(
                                "SELECT count(*) AS n FROM member WHERE tenant_id = ? AND role ="
                                        + " 'OWNER' AND user_id <> ?")
                        .params(tenant.value(), user.value())
                        .query((row, number) -> row.getLong("n"))
                        .single();
        if (others == 0) {
            throw new LastOwnerException();
        }
    }

    private static String blockedId(TenantId tenant, UUID user) {
        return tenant + "/" + user;
    }

    private static Member member(ResultSet row, int number) throws SQLException {
        return new Member(
                new UserId(row.getObject("id", UUID.class)),
                row.getString("email"),
                row.getString("display_name"),
                Role.valueOf(row.getString("role")),
                row.getBoolean("active"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
