package dev.atrium.gateway.web;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The public port.
 *
 * @param trustedProxies addresses or CIDR ranges whose X-Forwarded-For is believed
 * @param maxBufferedBodies memory that request bodies of all calls together may hold
 * @param maxHeaders longest request headers
 * @param maxUri longest request line
 * @param headerTimeout longest wait for complete headers once a connection has begun to send
 * @param bodyTimeout longest wait for the next part of a body
 * @param requestTimeout longest time for a whole request to arrive
 * @param writeTimeout how long a client may take nothing of the answer that waits for it
 * @param idleTimeout how long a kept-alive connection may be silent
 * @param accessLog which requests get a line in the log
 * @param drainDelay how long readiness is down before the port closes at a stop
 */
@Validated
@ConfigurationProperties("atrium.gateway.web")
record WebProperties(
        @NotNull @DefaultValue({}) List<String> trustedProxies,
        @NotNull @DefaultValue("256MB") DataSize maxBufferedBodies,
        @NotNull @DefaultValue("16KB") DataSize maxHeaders,
        @NotNull @DefaultValue("4KB") DataSize maxUri,
        @NotNull @DefaultValue("10s") Duration headerTimeout,
        @NotNull @DefaultValue("15s") Duration bodyTimeout,
        @NotNull @DefaultValue("5m") Duration requestTimeout,
        @NotNull @DefaultValue("60s") Duration writeTimeout,
        @NotNull @DefaultValue("60s") Duration idleTimeout,
        @NotNull @DefaultValue("failures") AccessLog accessLog,
        @NotNull @DefaultValue("500ms") Duration drainDelay) {
    /** Which requests get a line. */
    enum AccessLog {
        /** Those that were refused, failed or were given up. */
        FAILURES,
        ALL
    }
}
