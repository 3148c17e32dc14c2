package dev.atrium.portal.fake;

import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.tenancy.TenantStatus;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.api.usage.UsageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the fake registry holds; tests change it directly. */
public final class FakeState {
    public final List<Tenant> tenants = new CopyOnWriteArrayList<>();
    public final List<ApiKey> apiKeys = new CopyOnWriteArrayList<>();
    public final List<Model> models = new CopyOnWriteArrayList<>();
    public final List<ModelVersion> versions = new CopyOnWriteArrayList<>();
    public final List<Deployment> deployments = new CopyOnWriteArrayList<>();
    public final List<UsageRecord> usage = new CopyOnWriteArrayList<>();
    public final List<RefusedCall> refusedCalls = new CopyOnWriteArrayList<>();
    public final List<UnlistedRefusals> unlisted = new CopyOnWriteArrayList<>();
    public final List<CallAttempt> attempts = new CopyOnWriteArrayList<>();
    public final List<Member> members = new CopyOnWriteArrayList<>();
    public final List<Node> nodes = new CopyOnWriteArrayList<>();
    public final List<Gateway> gateways = new CopyOnWriteArrayList<>();
    public final List<Project> projects = new CopyOnWriteArrayList<>();
    public final List<PolicyStatus> policies = new CopyOnWriteArrayList<>();
    public final List<Plan> plans = new CopyOnWriteArrayList<>();
    public final List<QuotaRequest> quotaRequests = new CopyOnWriteArrayList<>();
    public final List<QuotaEvent> quotaEvents = new CopyOnWriteArrayList<>();
    public final List<PriceList> priceLists = new CopyOnWriteArrayList<>();
    public final List<PriceEntry> prices = new CopyOnWriteArrayList<>();
    public final List<Statement> statements = new CopyOnWriteArrayList<>();
    public final List<String> requests = new CopyOnWriteArrayList<>();
    public final Map<String, byte[]> files = new LinkedHashMap<>();

    public final Tenant acme;
    public final Tenant globex;
    public final Project project;
    public volatile Role role = Role.OWNER;
    public volatile boolean platformAdmin;
    public volatile boolean mustChangePassword;
    public volatile Tenant current;
    public volatile List<Tenant> mine = new ArrayList<>();

    public FakeState() {
        acme = tenant("acme", "Acme Inc.");
        globex = tenant("globex", "Globex Corporation");
        project =
                new Project(new ProjectId(UUID.randomUUID()), "default", "Default", Instant.now());
        projects.add(project);
        tenants.add(acme);
        tenants.add(globex);
        current = acme;
        mine = List.of(acme);
    }

    public static Tenant tenant(String slug, String name) {
        return new Tenant(
                new TenantId(UUID.randomUUID()),
                slug,
                name,
                TenantStatus.ACTIVE,
                "UTC",
                Instant.now().minusSeconds(86_400L * 40));
    }

    public List<String> scopes() {
        Set<Scope> scopes = EnumSet.copyOf(Scope.of(role));
        if (platformAdmin) {
            scopes.add(Scope.PLATFORM_ADMIN);
        }
        return scopes.stream().map(Scope::wireName).toList();
    }

    Me me() {
        return new Me(
                PrincipalKind.USER,
                FakeOAuth.USER_ID,
                "ada@acme.example",
                "Ada Lovelace",
                current,
                project,
                role,
                scopes(),
                platformAdmin,
                mustChangePassword,
                mine);
    }
}
