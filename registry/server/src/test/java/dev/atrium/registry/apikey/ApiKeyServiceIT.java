package dev.atrium.registry.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.apikey.SetLabel;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

class ApiKeyServiceIT extends RegistryTest {
    @Autowired ApiKeyService keys;
    @Autowired ApiKeyUse use;
    @Autowired ApiKeyExpiry expiry;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void storesTheHashOnlyAndPublishesTheKey() {
        Caller caller = developer();

        CreatedApiKey created = create(caller, wish("ci", null));

        String row =
                platform.sql("SELECT row_to_json(k)::text FROM api_key k WHERE id = ?")
                        .param(created.apiKey().id())
                        .query(String.class)
                        .single();
        assertThat(row).doesNotContain(created.secret().substring(21)).contains("secret_hash");
        assertThat(created.apiKey().scopes()).containsExactly("inference:invoke", "models:read");
        assertThat(created.apiKey().requestsPerMinute()).isEqualTo(600);
        assertThat(feedBody(created.apiKey().id())).contains(caller.tenantId().toString());
    }

    @Test
    void aKeyIsItsTenantWithItsScopesUntilRevoked() {
        Caller caller = developer();
        CreatedApiKey created = create(caller, wish("ci", List.of("models:read")));

        Caller key = use.authenticate(created.secret()).orElseThrow();
        TenantScope.run(
                caller.tenantId(), () -> keys.revoke(caller.tenantId(), created.apiKey().id()));

        assertThat(key.tenantId()).isEqualTo(caller.tenantId());
        assertThat(key.scopes()).containsExactly(Scope.MODELS_READ);
        assertThat(key.kind()).isEqualTo(PrincipalKind.API_KEY);
        assertThat(use.authenticate(created.secret())).isEmpty();
        assertThat(feedBody(created.apiKey().id())).isNull();
        assertThat(audited(caller)).containsExactly("api_key.created", "api_key.revoked");
    }

    @Test
    void refusesWhatIsNoUsableKey() {
        Caller caller = developer();
        CreatedApiKey created = create(caller, wish("ci", null));
        CreatedApiKey other = create(caller, wish("other", null));
        String mixed = created.secret().substring(0, 21) + other.secret().substring(21);

        assertThat(use.authenticate(mixed)).isEmpty();
        assertThat(use.authenticate("")).isEmpty();
        assertThat(use.authenticate("atr_nonsense")).isEmpty();

        platform.sql("UPDATE tenant SET status = 'SUSPENDED' WHERE id = ?")
                .param(caller.tenantId().value())
                .update();
        assertThat(use.authenticate(created.secret())).isEmpty();
    }

    @Test
    void givesNoScopeThatTheCreatorLacks() {
        Caller caller = developer();

        assertThatThrownBy(() -> create(caller, wish("k", List.of("members:manage"))))
                .isInstanceOf(ScopeNotHeldException.class);
        assertThatThrownBy(() -> create(caller, wish("k", List.of("platform:admin"))))
                .isInstanceOf(ScopeNotHeldException.class);
        assertThatThrownBy(() -> create(caller, wish("k", List.of("fly"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("fly");
        assertThatThrownBy(() -> create(caller, wish("k", List.of())))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> create(caller, wish(" ", null)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() ->
                        create(
                                caller,
                                new CreateApiKey("k", null, null, Instant.EPOCH, null, null)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("expiresAt");
        assertThatThrownBy(() ->
                        create(
                                caller,
                                new CreateApiKey("k", null, List.of("nope"), null, null, null)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("nope");
    }

    @Test
    void pagesShowEachKeyOnceNewestFirstAndNoForeignOne() {
        Caller caller = developer();
        Caller stranger = developer();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(create(caller, wish("k" + i, null)).apiKey().id());
        }

        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            String from = cursor;
            Page<ApiKey> page = list(caller, new PageRequest(2, from));
            page.items().forEach(key -> seen.add(key.id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(seen).isEqualTo(made);
        assertThat(list(stranger, new PageRequest(null, null)).items()).isEmpty();
        assertThatThrownBy(() ->
                        TenantScope.call(
                                stranger.tenantId(),
                                () -> keys.get(stranger.tenantId(), made.getFirst())))
                .isInstanceOf(ApiKeyNotFoundException.class);
        // Even a service that forgot the tenant in its query meets row level security.
        assertThatThrownBy(() ->
                        TenantScope.call(
                                stranger.tenantId(),
                                () -> keys.get(caller.tenantId(), made.getFirst())))
                .isInstanceOf(ApiKeyNotFoundException.class);
    }

    @Test
    void tellsGatewaysOfALabelAndOfItsChange() {
        Caller caller = developer();
        CreatedApiKey created =
                create(caller, new CreateApiKey("k", null, null, null, null, "marketing/eu"));
        String id = created.apiKey().id();
        assertThat(created.apiKey().label()).isEqualTo("marketing/eu");
        assertThat(feedBody(id)).contains("marketing/eu");

        assertThat(relabel(caller, id, "research").label()).isEqualTo("research");
        assertThat(feedBody(id)).contains("research").doesNotContain("marketing/eu");
        assertThat(relabel(caller, id, null).label()).isNull();

        assertThat(feedBody(id)).isNotNull().doesNotContain("research");
        assertThat(use.authenticate(created.secret())).isPresent();
        assertThat(audited(caller))
                .containsExactly("api_key.created", "api_key.relabelled", "api_key.relabelled");
        for (String wrong : List.of("", "two words", "x".repeat(65), "caf\u00e9")) {
            assertThatThrownBy(() -> relabel(caller, id, wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("label");
        }
        assertThatThrownBy(() -> relabel(developer(), id, "theirs"))
                .isInstanceOf(ApiKeyNotFoundException.class);
    }

    @Test
    void aLabelNeverBringsARevokedKeyBack() throws Exception {
        Caller caller = developer();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                String id = create(caller, wish("k" + round, null)).apiKey().id();
                Future<?> label = threads.submit(() -> relabel(caller, id, "late"));
                TenantScope.run(caller.tenantId(), () -> keys.revoke(caller.tenantId(), id));
                // Refused where it came second.
                Throwable refusal = catchThrowable(label::get);
                if (refusal != null) {
                    assertThat(refusal).hasCauseInstanceOf(InvalidRequestException.class);
                }

                assertThat(feedBody(id)).isNull();
                assertThatThrownBy(() -> relabel(caller, id, "later"))
                        .isInstanceOf(InvalidRequestException.class);
            }
        }
    }

    @Test
    void onlyAnOwnerChangesALabel() {
        TestTenant acme = tenant("labels");
        String email = "dev@" + acme.slug() + ".test";
        addMember(acme.id(), email, Role.DEVELOPER);
        String developer = tokenOf(email);
        Answer created =
                http().post(
                                "/api/v1/api-keys",
                                developer,
                                Map.of("name", "k", "label", "marketing"));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        String path = created.json().path("apiKey").path("id").asString();

        SetLabel wish = new SetLabel("research");
        Answer refused = http().put("/api/v1/api-keys/" + path + "/label", developer, wish);
        Answer done = http().put("/api/v1/api-keys/" + path + "/label", acme.ownerToken(), wish);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("insufficient_scope");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.as(ApiKey.class).label()).isEqualTo("research");
        assertThat(
                        http().put(
                                        "/api/v1/api-keys/" + path + "/label",
                                        acme.ownerToken(),
                                        new SetLabel("no label"))
                                .status())
                .isEqualTo(400);
    }

    private ApiKey relabel(Caller caller, String id, String label) {
        return TenantScope.call(
                caller.tenantId(), () -> keys.relabel(caller.tenantId(), id, new SetLabel(label)));
    }

    @Test
    void expiredKeysLeaveTheFeed() {
        Caller caller = developer();
        CreatedApiKey created = create(caller, wish("short", null));
        platform.sql("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = ?")
                .param(created.apiKey().id())
                .update();

        expiry.sweep();

        assertThat(use.authenticate(created.secret())).isEmpty();
        assertThat(feedBody(created.apiKey().id())).isNull();
    }

    @Test
    void lastUseIsKeptToTheMinute() {
        Caller caller = developer();
        CreatedApiKey created = create(caller, wish("used", null));
        Instant first = Instant.parse("2026-01-01T00:00:00Z");

        use.recordUse(Map.of(created.apiKey().id(), first));
        use.recordUse(Map.of(created.apiKey().id(), first.plusSeconds(20)));
        assertThat(lastUse(caller, created)).isEqualTo(first);

        use.recordUse(Map.of(created.apiKey().id(), first.plusSeconds(90)));
        assertThat(lastUse(caller, created)).isEqualTo(first.plusSeconds(90));
    }

    private Instant lastUse(Caller caller, CreatedApiKey created) {
        return TenantScope.call(
                        caller.tenantId(), () -> keys.get(caller.tenantId(), created.apiKey().id()))
                .lastUsedAt();
    }

    private CreatedApiKey create(Caller caller, CreateApiKey wish) {
        return TenantScope.call(caller.tenantId(), () -> keys.create(caller, wish));
    }

    private Page<ApiKey> list(Caller caller, PageRequest request) {
        return TenantScope.call(caller.tenantId(), () -> keys.list(caller.tenantId(), request));
    }

    private static CreateApiKey wish(String name, List<String> scopes) {
        return new CreateApiKey(name, scopes, null, null, null, null);
    }

    private String feedBody(String keyId) {
        return platform.sql("SELECT body::text FROM feed_entry WHERE kind = 'API_KEY' AND id = ?")
                .param(keyId)
                .query((row, number) -> java.util.Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }

    private List<String> audited(Caller caller) {
        return platform.sql("SELECT action FROM audit_entry WHERE tenant_id = ? ORDER BY id")
                .param(caller.tenantId().value())
                .query(String.class)
                .list();
    }

    private Caller developer() {
        UUID tenant =
                platform.sql("INSERT INTO tenant (slug, name) VALUES (?, 'Keys') RETURNING id")
                        .param("keys-" + UUID.randomUUID())
                        .query(UUID.class)
                        .single();
        UUID project =
                platform.sql(
                                "INSERT INTO project (tenant_id, slug, name) VALUES (?, 'default',"
                                        + " 'Default') RETURNING id")
                        .param(tenant)
                        .query(UUID.class)
                        .single();
        return new Caller(
                new TenantId(tenant),
                new ProjectId(project),
                PrincipalKind.USER,
                UUID.randomUUID().toString(),
                Scope.of(Role.DEVELOPER),
                false,
                "user:dev@keys.test");
    }
}
