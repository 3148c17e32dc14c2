package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.identity.Users;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What an empty installation needs to be used: the platform's own tenant and, when a password is
 * configured, its first admin. One registry at a time; ready only afterwards.
 */
@Component
class FirstAdmin implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(FirstAdmin.class);

    private final TransactionTemplate transactions;
    private final TenantService tenants;
    private final MemberService members;
    private final Users users;

    FirstAdmin(
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            TenantService tenants,
            MemberService members,
            Users users) {
        this.transactions = transactions;
        this.tenants = tenants;
        this.members = members;
        this.users = users;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        transactions.executeWithoutResult(status -> {
            // Takes the lock that keeps other registries from doing the same.
            Tenant platform = tenants.ensurePlatformTenant();
            users.createFirstAdmin().ifPresent(admin -> own(platform, admin.email()));
        });
    }

    private void own(Tenant platform, String email) {
        members.add(platform.id(), new AddMember(email, email, Role.OWNER, null));
        log.info("made the first platform admin, {}, who must change the password", email);
    }
}
