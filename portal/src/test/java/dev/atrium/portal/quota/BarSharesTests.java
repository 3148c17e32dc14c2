package dev.atrium.portal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.portal.fake.FakeState;
import dev.atrium.portal.fake.SampleQuotas;
import dev.atrium.registry.api.quota.PolicyStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarSharesTests {
    private final FakeState state = new FakeState();

    @Test
    void dividesTheAmount() {
        assertThat(BarShares.of(status(1_000, 500, 200, 50))).isEqualTo(new BarShares(50, 5, 20));
    }

    @Test
    void neverLeavesTheBarWhenMoreIsTakenThanAllowed() {
        BarShares shares = BarShares.of(status(100, 150, 50, 0));

        assertThat(shares).isEqualTo(new BarShares(75, 0, 25));
    }

    @Test
    void isFullWhereNothingIsAllowed() {
        assertThat(BarShares.of(status(0, 0, 0, 0))).isEqualTo(new BarShares(100, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"79,CALM", "80,CLOSE", "99,CLOSE", "100,SPENT", "130,SPENT"})
    void isCloseFromItsWarningOn(long used, Closeness expected) {
        assertThat(Closeness.of(status(100, used, 0, 0))).isEqualTo(expected);
    }

    private PolicyStatus status(long amount, long used, long reserved, long unreconciled) {
        PolicyStatus plain = SampleQuotas.tokensPerDay(state, "Tokens", amount, used);
        return new PolicyStatus(
                plain.policy(),
                plain.tenantSlug(),
                plain.windowStart(),
                plain.windowEnd(),
                used,
                reserved,
                unreconciled,
                plain.left(),
                0,
                plain.percent());
    }
}
