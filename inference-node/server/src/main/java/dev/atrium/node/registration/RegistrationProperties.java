package dev.atrium.node.registration;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What this node tells about itself.
 *
 * @param heartbeat pause between reports; the registry gives a silent node up after ten seconds
 */
@Validated
@ConfigurationProperties("atrium.node.registration")
record RegistrationProperties(@NotNull @DefaultValue("1s") Duration heartbeat) {}
