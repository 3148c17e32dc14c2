package dev.atrium.node.registration;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What this node tells about itself.
 *
 * @param heartbeat pause between reports; the registry gives a silent node up after ten seconds
 * @param memory memory that models may take; null is 70 % of the machine's or container's
 */
@Validated
@ConfigurationProperties("atrium.node.registration")
record RegistrationProperties(
        @NotNull @DefaultValue("1s") Duration heartbeat, @Nullable DataSize memory) {

    private static final double MODEL_SHARE = 0.7;

    long memoryBytes() {
        return memory != null
                ? memory.toBytes()
                : (long) (MachineMemory.totalBytes() * MODEL_SHARE);
    }
}
