package dev.atrium.registry;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;

/** What the whole process shares: its clock, its jobs' scheduler, checks of scopes on methods. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableMethodSecurity
class RegistryConfiguration {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
