package dev.atrium.gateway;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What every capability shares: the two clocks. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
    /** For times that others see: expiry, records, tokens. */
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** For durations; never jumps. */
    @Bean
    MonotonicClock monotonicClock() {
        return System::nanoTime;
    }
}
