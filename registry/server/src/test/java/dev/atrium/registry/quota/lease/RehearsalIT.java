package dev.atrium.registry.quota.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.atrium.registry.RegistryTest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a registry does before it is ready, so that the first gateways do not wait for it. */
class RehearsalIT extends RegistryTest {
    private static final List<String> TABLES =
            List.of(
                    "quota_policy",
                    "quota_window",
                    "quota_lease",
                    "quota_gateway_life",
                    "machine_credential",
                    "gateway",
                    "audit_entry");

    @Autowired Rehearsal rehearsal;
    @Autowired MeterRegistry meters;

    @Autowired
    @Qualifier("platformDataSource")
    HikariDataSource pool;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Test
    void goesTheWayOfGatewaysQuestionsAndLeavesNothingBehind() throws Exception {
        tenant("rehearsal");
        long asked = questions("/internal/v1/leases", "400");
        long listened = questions("/internal/v1/leases/recalls", "200");
        Map<String, Long> before = rows();

        rehearsal.run(new DefaultApplicationArguments());

        assertThat(rows()).isEqualTo(before);
        assertThat(questions("/internal/v1/leases", "400") - asked).isEqualTo(10);
        assertThat(questions("/internal/v1/leases/recalls", "200") - listened)
                .isGreaterThanOrEqualTo(10);
        assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void keepsNoRegistryFromServingWhenTheDatabaseDoesNotTakeIt() throws Exception {
        JdbcClient owner = JdbcClient.create(ownerOf(databaseUrl()));
        owner.sql("REVOKE INSERT ON machine_credential FROM atrium_platform").update();
        try {
            rehearsal.run(new DefaultApplicationArguments());
        } finally {
            owner.sql("GRANT INSERT ON machine_credential TO atrium_platform").update();
        }
    }

    private long questions(String path, String status) {
        return meters
                .find("http.server.requests")
                .tags("uri", path, "status", status)
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private Map<String, Long> rows() {
        return TABLES.stream().collect(Collectors.toMap(Function.identity(), table -> rows(table)));
    }

    private long rows(String table) {
        return platform.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }
}
