package dev.atrium.registry.machine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the credentials of gateways and nodes live.
 *
 * @param rotateAfter age at which a credential is replaced with the next heartbeat
 * @param overlap how long the replaced one stays valid
 */
@ConfigurationProperties("atrium.registry.machine")
record MachineProperties(
        @DefaultValue("6h") Duration rotateAfter, @DefaultValue("10m") Duration overlap) {}
