package dev.atrium.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AddressRangeTests {
    @Test
    void containsTheAddressesOfItsNetworkOnly() {
        AddressRange range = AddressRange.parse("10.1.0.0/16");

        assertThat(range.contains("10.1.255.7")).isTrue();
        assertThat(range.contains("10.2.0.1")).isFalse();
        assertThat(range.contains("::1")).isFalse();
        assertThat(AddressRange.parse("::1").contains("::1")).isTrue();
        assertThat(AddressRange.parse("2001:db8::/33").contains("2001:db8:8000::1")).isFalse();
        assertThat(AddressRange.parse("0.0.0.0/0").contains("8.8.8.8")).isTrue();
    }

    @Test
    void namesTheSettingWhenItIsWrong() {
        assertThatThrownBy(() -> AddressRange.parse("example.com"))
                .hasMessageContaining("atrium.gateway.web.trusted-proxies")
                .hasMessageContaining("example.com");
        assertThatThrownBy(() -> AddressRange.parse("10.0.0.0/33")).hasMessageContaining("0-32");
    }
}
