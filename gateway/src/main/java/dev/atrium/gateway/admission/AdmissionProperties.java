package dev.atrium.gateway.admission;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the gateway takes on.
 *
 * @param maxInFlight most calls at a time, over all callers; more are answered 503
 */
@Validated
@ConfigurationProperties("atrium.gateway.admission")
record AdmissionProperties(@Positive @DefaultValue("4096") int maxInFlight) {}
