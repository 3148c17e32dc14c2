package dev.atrium.node.inference;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What this node accepts.
 *
 * @param maxBody largest request body
 * @param clockSkew by how much a gateway's clock may differ
 * @param maxGrantLife longest time between issue and expiry of a grant
 * @param maxRememberedGrants used grants that are remembered, for about a minute and at most 64
 *     bytes each; beyond it no more are taken
 * @param maxDeadline longest time for one call, whatever its grant says
 * @param maxWaiting most calls that wait for models to be loaded
 * @param maxWaitingBytes most bytes of bodies that such calls may bring along
 * @param maxOutputTokens most pieces of one generation, whatever its grant says
 */
@Validated
@ConfigurationProperties("atrium.node.inference")
record InferenceProperties(
        @NotNull @DefaultValue("64MB") DataSize maxBody,
        @NotNull @DefaultValue("30s") Duration clockSkew,
        @NotNull @DefaultValue("10m") Duration maxGrantLife,
        @Positive @DefaultValue("2000000") int maxRememberedGrants,
        @NotNull @DefaultValue("10m") Duration maxDeadline,
        @Positive @DefaultValue("256") int maxWaiting,
        @NotNull @DefaultValue("256MB") DataSize maxWaitingBytes,
        @Positive @DefaultValue("131072") int maxOutputTokens) {}
