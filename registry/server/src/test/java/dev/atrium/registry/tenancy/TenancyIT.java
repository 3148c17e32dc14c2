package dev.atrium.registry.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.CreateProject;
import dev.atrium.registry.api.tenancy.CreateServiceAccount;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.CreatedServiceAccount;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;

class TenancyIT extends RegistryTest {
    private static final PageRequest FIRST = new PageRequest(null, null);

    @Autowired TenantService tenants;
    @Autowired ProjectService projects;
    @Autowired MemberService members;
    @Autowired ServiceAccountService accounts;
    @Autowired PasswordEncoder passwords;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void aNewTenantHasADefaultProjectAndReachesTheGateways() {
        Tenant tenant = newTenant();

        List<Project> found =
                TenantScope.call(tenant.id(), () -> projects.list(tenant.id(), FIRST)).items();

        assertThat(found).extracting(Project::slug).containsExactly("default");
        assertThat(feed("TENANT", tenant.id().toString())).contains("\"active\": true");
    }

    @Test
    void refusesTakenReservedAndMalformedNames() {
        Tenant tenant = newTenant();

        assertThatThrownBy(() -> tenants.create(new CreateTenant(tenant.slug(), "x", null)))
                .isInstanceOf(NameTakenException.class);
        assertThatThrownBy(() -> tenants.create(new CreateTenant("versions", "x", null)))
                .isInstanceOf(NameReservedException.class);
        assertThatThrownBy(() -> tenants.create(new CreateTenant("No Spaces", "x", null)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> tenants.create(new CreateTenant("zone", "x", "Mars/Olympus")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Mars/Olympus");
    }

    @Test
    void suspendingTellsTheGatewaysAndSparesThePlatform() {
        Tenant tenant = newTenant();
        Tenant platformTenant = tenants.ensurePlatformTenant();

        tenants.changeStatus(tenant.id(), TenantStatus.SUSPENDED);

        assertThat(feed("TENANT", tenant.id().toString())).contains("\"active\": false");
        assertThat(tenants.ensurePlatformTenant()).isEqualTo(platformTenant);
        assertThatThrownBy(() -> tenants.changeStatus(platformTenant.id(), TenantStatus.SUSPENDED))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() ->
                        tenants.changeStatus(new TenantId(UUID.randomUUID()), TenantStatus.ACTIVE))
                .isInstanceOf(TenantNotFoundException.class);
    }

    @Test
    void aNewUserGetsAPasswordOnceAndMustChangeIt() {
        Tenant tenant = newTenant();
        String email = UUID.randomUUID() + "@Example.test";

        AddedMember added =
                members.add(tenant.id(), new AddMember(email, "Ada", Role.DEVELOPER, null));

        assertThat(added.member().email()).isEqualTo(email.toLowerCase());
        String hash =
                platform.sql(
                                "SELECT password_hash FROM app_user WHERE id = ? AND must_change_password")
                        .param(added.member().userId().value())
                        .query(String.class)
                        .single();
        assertThat(passwords.matches(added.generatedPassword(), hash)).isTrue();
    }

    @Test
    void aKnownUserJoinsASecondTenantWithTheSamePassword() {
        Tenant first = newTenant();
        Tenant second = newTenant();
        String email = UUID.randomUUID() + "@example.test";
        AddedMember added =
                members.add(first.id(), new AddMember(email, "Ada", Role.OWNER, "long enough pw"));

        AddedMember again =
                members.add(second.id(), new AddMember(email, "Eve", Role.VIEWER, null));

        assertThat(again.generatedPassword()).isNull();
        assertThat(again.member().userId()).isEqualTo(added.member().userId());
        assertThat(again.member().displayName()).isEqualTo("Ada");
        assertThatThrownBy(() ->
                        members.add(second.id(), new AddMember(email, "Ada", Role.VIEWER, null)))
                .isInstanceOf(NameTakenException.class);
    }

    @Test
    void aRemovedMemberIsBlockedAtTheGatewaysUntilAddedAgain() {
        Tenant tenant = newTenant();
        UserId user = member(tenant, Role.DEVELOPER);
        String id = tenant.id() + "/" + user;

        members.remove(tenant.id(), user);
        assertThat(feed("BLOCKED_PRINCIPAL", id)).contains(id);
        assertThat(members.role(tenant.id(), user)).isEmpty();

        String email =
                platform.sql("SELECT email FROM app_user WHERE id = ?")
                        .param(user.value())
                        .query(String.class)
                        .single();
        members.add(tenant.id(), new AddMember(email, "Back", Role.VIEWER, null));
        assertThat(feed("BLOCKED_PRINCIPAL", id)).isNull();
        assertThat(members.role(tenant.id(), user)).contains(Role.VIEWER);
    }

    @Test
    void twoOwnersWhoRemoveEachOtherAtOnceLeaveOne() throws Exception {
        Tenant tenant = newTenant();
        UserId ada = member(tenant, Role.OWNER);
        UserId eve = member(tenant, Role.OWNER);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> removals =
                    List.of(() -> removes(tenant, ada), () -> removes(tenant, eve));
            long removed = 0;
            for (Future<Boolean> removal : threads.invokeAll(removals)) {
                removed += removal.get() ? 1 : 0;
            }
            assertThat(removed).isEqualTo(1);
        }

        assertThat(members.list(tenant.id(), FIRST).items())
                .singleElement()
                .extracting(Member::role)
                .isEqualTo(Role.OWNER);
    }

    @Test
    void theLastOwnerStaysOwner() {
        Tenant tenant = newTenant();
        UserId owner = member(tenant, Role.OWNER);

        assertThatThrownBy(() -> members.changeRole(tenant.id(), owner, Role.VIEWER))
                .isInstanceOf(LastOwnerException.class);
        assertThatThrownBy(() -> members.remove(tenant.id(), owner))
                .isInstanceOf(LastOwnerException.class);
    }

    @Test
    void membersOfAnotherTenantAreAbsent() {
        Tenant tenant = newTenant();
        Tenant other = newTenant();
        UserId user = member(tenant, Role.DEVELOPER);

        assertThatThrownBy(() -> members.remove(other.id(), user))
                .isInstanceOf(MemberNotFoundException.class);
        assertThatThrownBy(() -> members.changeRole(other.id(), user, Role.OWNER))
                .isInstanceOf(MemberNotFoundException.class);
        assertThat(members.list(other.id(), FIRST).items()).isEmpty();
    }

    @Test
    void serviceAccountsLiveInTheirTenantUntilDeleted() {
        Tenant tenant = newTenant();
        Tenant other = newTenant();
        Caller owner = owner(tenant);

        CreatedServiceAccount created =
                TenantScope.call(
                        tenant.id(),
                        () ->
                                accounts.create(
                                        owner,
                                        new CreateServiceAccount(
                                                "ci", List.of("inference:invoke"))));
        String clientId = created.serviceAccount().clientId();
        ServiceAccountCredential credential = accounts.findByClientId(clientId).orElseThrow();
        assertThat(credential.secretHash()).isEqualTo(ApiKeyFormat.sha256(created.clientSecret()));
        assertThat(credential.tenantId()).isEqualTo(tenant.id());

        assertThatThrownBy(() ->
                        TenantScope.run(
                                other.id(),
                                () -> accounts.delete(other.id(), created.serviceAccount().id())))
                .isInstanceOf(ServiceAccountNotFoundException.class);
        TenantScope.run(
                tenant.id(), () -> accounts.delete(tenant.id(), created.serviceAccount().id()));
        assertThat(accounts.findByClientId(clientId)).isEmpty();
        assertThat(feed("BLOCKED_PRINCIPAL", created.serviceAccount().id().toString())).isNotNull();
    }

    @Test
    void aServiceAccountGetsNoScopeThatItsMakerLacks() {
        Tenant tenant = newTenant();
        Caller owner = owner(tenant);

        for (String scope : List.of("platform:admin", "fly")) {
            assertThatThrownBy(() ->
                            TenantScope.call(
                                    tenant.id(),
                                    () ->
                                            accounts.create(
                                                    owner,
                                                    new CreateServiceAccount("x", List.of(scope)))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(scope);
        }
    }

    @Test
    void projectsAreNamedOncePerTenant() {
        Tenant tenant = newTenant();
        Tenant other = newTenant();
        CreateProject wish = new CreateProject("search", "Search");

        TenantScope.call(tenant.id(), () -> projects.create(tenant.id(), wish));
        TenantScope.call(other.id(), () -> projects.create(other.id(), wish));

        assertThatThrownBy(() ->
                        TenantScope.call(tenant.id(), () -> projects.create(tenant.id(), wish)))
                .isInstanceOf(NameTakenException.class);
    }

    private boolean removes(Tenant tenant, UserId user) {
        try {
            members.remove(tenant.id(), user);
            return true;
        } catch (LastOwnerException e) {
            return false;
        }
    }

    private Tenant newTenant() {
        return tenants.create(new CreateTenant("t-" + UUID.randomUUID(), "Test", null));
    }

    private UserId member(Tenant tenant, Role role) {
        return members.add(
                        tenant.id(),
                        new AddMember(
                                UUID.randomUUID() + "@example.test", "M", role, "a fine password"))
                .member()
                .userId();
    }

    private Caller owner(Tenant tenant) {
        UUID project =
                platform.sql("SELECT id FROM project WHERE tenant_id = ?")
                        .param(tenant.id().value())
                        .query(UUID.class)
                        .single();
        return new Caller(
                tenant.id(),
                new dev.atrium.registry.api.tenancy.ProjectId(project),
                PrincipalKind.USER,
                UUID.randomUUID().toString(),
                Set.copyOf(Scope.of(Role.OWNER)),
                false,
                "user:owner@example.test");
    }

    private String feed(String kind, String id) {
        return platform.sql("SELECT body::text FROM feed_entry WHERE kind = ? AND id = ?")
                .params(kind, id)
                .query((row, number) -> java.util.Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }
}
