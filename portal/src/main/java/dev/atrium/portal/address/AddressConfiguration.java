package dev.atrium.portal.address;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AddressConfiguration {
    @Bean
    Addresses addresses(AddressProperties properties) {
        return Addresses.of(properties);
    }
}
