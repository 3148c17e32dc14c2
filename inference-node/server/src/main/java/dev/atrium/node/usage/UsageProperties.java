package dev.atrium.node.usage;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The usage journal and its way to the registry.
 *
 * @param journalDir folder of the journal's segments
 * @param segment size at which a new segment is begun
 * @param retention how long a shipped segment is kept, so that a restarted node still knows which
 *     grants were used; longer than any grant lives
 * @param shipInterval pause between batches while there is little to ship
 * @param batch most records in one batch
 * @param maxUnshipped records that may wait for the registry; beyond it the node takes no calls
 */
@Validated
@ConfigurationProperties("atrium.node.usage")
record UsageProperties(
        @NotNull @DefaultValue("./data/usage") Path journalDir,
        @NotNull @DefaultValue("8MB") DataSize segment,
        @NotNull @DefaultValue("11m") Duration retention,
        @NotNull @DefaultValue("250ms") Duration shipInterval,
        @Positive @DefaultValue("1000") int batch,
        @Positive @DefaultValue("100000") int maxUnshipped) {}
