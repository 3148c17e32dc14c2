package dev.atrium.registry.usage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.node.MemberRole;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.api.usage.UsageSums;
import dev.atrium.registry.machine.MachineCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a gateway is told of a tenant's usage, and who else is not. */
class GatewayReportIT extends RegistryTest {
    private static final Instant BEGIN = Instant.parse("2026-10-20T00:00:00Z");
    private static final UUID PROJECT = UUID.fromString("00000000-0000-7000-8000-000000000001");

    @Autowired MachineCredentials credentials;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void tellsAGatewayTheSumsOfOneTenantAlone() {
        TestTenant acme = tenant("acme");
        TestTenant globex = tenant("globex");
        TestSums sums = new TestSums(platform);
        sums.add(acme.id(), BEGIN, PROJECT, "k1", "acme/a", 1, "EUR", 3);
        sums.add(acme.id(), BEGIN.plus(Duration.ofDays(1)), PROJECT, "k2", "acme/a", 1, "EUR", 4);
        sums.add(globex.id(), BEGIN, PROJECT, "k1", "acme/a", 1, "EUR", 100);

        UsageSums all = ask(acme, "groupBy=day&groupBy=principal").as(UsageSums.class);
        UsageSums first = ask(acme, "groupBy=day&most=1").as(UsageSums.class);
        UsageSums foreign = ask(globex, "groupBy=principal&principal=k2").as(UsageSums.class);
        UsageSums split = ask(acme, "groupBy=tenant").as(UsageSums.class);

        assertThat(all.complete()).isTrue();
        assertThat(all.sums()).extracting(UsageSum::calls).containsExactly(3L, 4L);
        assertThat(all.sums()).extracting(UsageSum::principalId).containsExactly("k1", "k2");
        assertThat(all.sums().getFirst().begin()).isEqualTo(BEGIN);
        assertThat(first.complete()).isFalse();
        assertThat(first.sums()).extracting(UsageSum::calls).containsExactly(3L);
        assertThat(foreign.sums()).isEmpty();
        assertThat(split.sums()).extracting(UsageSum::tenantId).containsExactly(acme.id());
    }

    @Test
    void tellsNobodyElse() {
        TestTenant acme = tenant("acme");
        String path = "/internal/v1/usage/sums?tenant=" + acme.id();
        String node = credentials.issue(MemberRole.NODE, UUID.randomUUID());

        assertThat(internalHttp().get(path, node).status()).isEqualTo(403);
        assertThat(internalHttp().get(path, acme.ownerToken()).status()).isEqualTo(401);
        assertThat(internalHttp().get(path).status()).isEqualTo(401);
        assertThat(http().get(path, gateway()).status()).isEqualTo(404);
        assertThat(internalHttp().get("/internal/v1/usage/sums", gateway()).status())
                .isEqualTo(400);
        for (String wrong : new String[] {"most=0", "most=5001", "groupBy=colour"}) {
            assertThat(ask(acme, wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    private Answer ask(TestTenant tenant, String question) {
        return internalHttp()
                .get(
                        "/internal/v1/usage/sums?from=2026-10-20T00:00:00Z"
                                + "&to=2026-10-25T00:00:00Z&tenant="
                                + tenant.id()
                                + "&"
                                + question,
                        gateway());
    }

    private String gateway() {
        return credentials.issue(MemberRole.GATEWAY, UUID.randomUUID());
    }
}
