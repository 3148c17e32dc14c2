package dev.atrium.registry.quota.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.MutableClock;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.quota.window.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A quota of a day in the database while the clocks of its tenant are set, by a clock of tests. */
class DayOfTheClockChangeIT extends RegistryTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private static final long AMOUNT = 100;
    private static final Duration MOMENT = Duration.ofNanos(1_000);

    private final Holder gateway = new Holder(UUID.randomUUID(), UUID.randomUUID());

    @Autowired LeaseStore store;
    @Autowired Windows windows;
    @Autowired LeaseProperties properties;

    @Autowired
    @Qualifier("platformJdbc")
    JdbcClient platform;

    @Autowired
    @Qualifier("platformTransactions")
    TransactionTemplate transactions;

    /** Clocks go from 2 to 3 in March and from 3 to 2 in October. */
    @ParameterizedTest
    @CsvSource({
        "2027-03-27T23:00:00Z, 2027-03-28T22:00:00Z, 23",
        "2027-10-30T22:00:00Z, 2027-10-31T23:00:00Z, 25",
        "2027-06-14T22:00:00Z, 2027-06-15T22:00:00Z, 24",
    })
    void endsAtMidnightOfItsTenantAndTheNextBegins(Instant begin, Instant end, int hours) {
        PolicyId policy = policyOfTheDay();

        LeaseState first = ask(policy, begin, 10);
        LeaseState last = ask(policy, end.minus(MOMENT), AMOUNT);
        LeaseState next = ask(policy, end, AMOUNT);
        LeaseState late = renew(policy, first, end);

        assertThat(Duration.between(begin, end)).hasHours(hours);
        assertThat(first.windowStart()).isEqualTo(begin);
        assertThat(first.windowEnd()).isEqualTo(end);
        assertThat(first.amount()).isEqualTo(10);
        assertThat(last.leaseId()).isEqualTo(first.leaseId());
        assertThat(last.amount()).isEqualTo(AMOUNT);
        assertThat(next.leaseId()).isNotEqualTo(first.leaseId());
        assertThat(next.windowStart()).isEqualTo(end);
        assertThat(next.windowEnd())
                .isEqualTo(
                        end.atZone(ZURICH)
                                .toLocalDate()
                                .plusDays(1)
                                .atStartOfDay(ZURICH)
                                .toInstant());
        assertThat(next.amount()).isEqualTo(AMOUNT);
        assertThat(late.amount()).isEqualTo(AMOUNT);
        assertThat(late.windowEnd()).isEqualTo(end);
    }

    private PolicyId policyOfTheDay() {
        TestTenant acme = tenant("clock");
        platform.sql("UPDATE tenant SET time_zone = ? WHERE id = ?")
                .params(ZURICH.getId(), acme.id().value())
                .update();
        return http().post(
                        "/api/v1/quota-policies",
                        acme.ownerToken(),
                        Map.of("name", "p", "unit", "TOKENS", "window", "DAY", "amount", AMOUNT))
                .as(Policy.class)
                .id();
    }

    private LeaseState ask(PolicyId policy, Instant now, long want) {
        return send(new LeaseWish(policy, null, null, 1, want, 0, 0), now);
    }

    /** Of the window that is over. */
    private LeaseState renew(PolicyId policy, LeaseState held, Instant now) {
        return send(
                new LeaseWish(policy, held.windowStart(), held.leaseId(), 1, AMOUNT, 0, 0), now);
    }

    /** As a registry does whose clock shows this. */
    private LeaseState send(LeaseWish wish, Instant now) {
        LeaseDesk desk = new LeaseDesk(store, windows, properties, new MutableClock(now));
        return transactions.execute(status -> desk.answer(gateway, wish).orElseThrow().state());
    }
}
