package dev.atrium.registry.usage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long a page of usage takes over the sums of ten million calls; over HTTP, not in any build.
 */
class ReportBenchmark extends RegistryTest {
    private static final int ROUNDS = 21;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void pagesOverTenMillionCalls() {
        TestTenant acme = tenant("acme");
        new TestSums(platform).addTenMillionCalls(acme.id(), Instant.parse("2026-10-01T00:00:00Z"));
        // As autovacuum leaves a table that was not filled a moment ago.
        JdbcClient.create(ownerOf(databaseUrl())).sql("VACUUM ANALYZE usage_hourly").update();
        String span = "&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";

        for (String question :
                List.of(
                        "/api/v1/usage?groupBy=",
                        "/api/v1/usage?groupBy=day",
                        "/api/v1/usage?groupBy=day&zone=Europe/Paris",
                        "/api/v1/usage?groupBy=model,principal",
                        "/api/v1/usage?groupBy=day,project,model",
                        "/api/v1/usage?groupBy=day,principal,model,version",
                        "/api/v1/usage?groupBy=hour,principal,model,version",
                        "/api/v1/usage/hourly?groupBy=MODEL")) {
            long[] micros = new long[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                long begin = System.nanoTime();
                Answer answer = http().get(question + span, acme.ownerToken());
                micros[i] = (System.nanoTime() - begin) / 1_000;
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
            Arrays.sort(micros);
            System.out.printf(
                    "%s: median %d ms, worst of %d: %d ms%n",
                    question, micros[ROUNDS / 2] / 1_000, ROUNDS, micros[ROUNDS - 1] / 1_000);
        }
    }
}
