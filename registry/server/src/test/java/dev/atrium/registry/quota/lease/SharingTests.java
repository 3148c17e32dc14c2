package dev.atrium.registry.quota.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharingTests {
    @Test
    void aGatewayAloneGetsWhatItWants() {
        assertThat(Sharing.grant(100, 0, 1, 80)).isEqualTo(80);
        assertThat(Sharing.grant(100, 0, 1, 200)).isEqualTo(100);
    }

    @Test
    void besideOthersItGetsAPartThatShrinksNearTheLimit() {
        assertThat(Sharing.grant(10_000, 2, 1, 1_000)).isEqualTo(1_000);
        assertThat(Sharing.grant(100, 2, 1, 1_000)).isEqualTo(20);
        assertThat(Sharing.grant(3, 2, 1, 1_000)).isEqualTo(1);
    }

    @Test
    void neverLessThanIsOfUseAndNeverMoreThanIsFree() {
        assertThat(Sharing.grant(100, 2, 70, 90)).isEqualTo(70);
        assertThat(Sharing.grant(69, 2, 70, 90)).isZero();
        assertThat(Sharing.grant(70, 9, 70, 70)).isEqualTo(70);
        assertThat(Sharing.grant(0, 0, 0, 5)).isZero();
        assertThat(Sharing.grant(-7, 0, 1, 5)).isZero();
        assertThat(Sharing.grant(50, 1, 0, 0)).isZero();
    }
}
