package dev.atrium.gateway.metering;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How calls are journalled and shipped.
 *
 * @param journalDir folder of the journal; needs to survive a restart
 * @param segmentSize size at which a new file is begun
 * @param maxSize size of all files beyond which new calls are refused with 503
 * @param minFree space on the disk that is left for the ends of calls; new calls are refused with
 *     503 when there is less
 * @param fsync when records are forced to the disk; {@code never} survives a killed process, the
 *     others a power failure as well
 * @param shipInterval pause between two batches that were not full
 * @param shipBatch most calls in one request to the registry
 * @param shutdownPatience longest wait for the last calls to be shipped when the gateway stops
 */
@Validated
@ConfigurationProperties("atrium.gateway.metering")
record MeteringProperties(
        @NotNull @DefaultValue("./data/journal") Path journalDir,
        @NotNull @DefaultValue("8MB") DataSize segmentSize,
        @NotNull @DefaultValue("1GB") DataSize maxSize,
        @NotNull @DefaultValue("16MB") DataSize minFree,
        @NotNull @DefaultValue("never") Fsync fsync,
        @NotNull @DefaultValue("100ms") Duration shipInterval,
        @Positive @Max(1000) @DefaultValue("1000") int shipBatch,
        @NotNull @DefaultValue("5s") Duration shutdownPatience) {
    MeteringProperties {
        if (maxSize.toBytes() < 2 * segmentSize.toBytes()) {
            throw new IllegalArgumentException(
                    "atrium.gateway.metering.max-size ("
                            + maxSize
                            + ") must hold at least two segments of"
                            + " atrium.gateway.metering.segment-size ("
                            + segmentSize
                            + ")");
        }
    }
}
