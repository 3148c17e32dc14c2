package dev.atrium.gateway.organization;

import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How reports of usage are asked for.
 *
 * @param atOnce most questions that wait for the registry at the same time; 503 beyond that
 */
@Validated
@ConfigurationProperties("atrium.gateway.organization")
record OrganizationProperties(@Positive @DefaultValue("8") int atOnce) {}
