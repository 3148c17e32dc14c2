package dev.atrium.node.worker;

import dev.atrium.node.worker.queue.BatchRules;
import dev.atrium.registry.api.deployment.Batching;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Which calls of a model are computed together, where the model can do that.
 *
 * @param maxRows most rows or texts of a batch; 1 computes every call alone
 * @param maxBytes most input of a batch; one call may have more
 * @param maxDelay longest that a free place waits for more calls, where that pays; 0 never waits
 * @param preferredRows sizes to which a batch is cut when that many rows wait; none by default
 * @param acrossTenants whose models may hold calls of several tenants in one batch: {@code
 *     PLATFORM} those of the platform, {@code ALL}, or {@code NONE}. A hostile model could tell one
 *     caller of a batch what another one sent
 */
@Validated
@ConfigurationProperties("atrium.node.batch")
record BatchProperties(
        @Positive @DefaultValue("32") int maxRows,
        @NotNull @DefaultValue("4MB") DataSize maxBytes,
        @NotNull @DefaultValue("2ms") Duration maxDelay,
        @NotNull @DefaultValue({}) List<@Positive Integer> preferredRows,
        @NotNull @DefaultValue("PLATFORM") AcrossTenants acrossTenants) {

    enum AcrossTenants {
        PLATFORM,
        ALL,
        NONE
    }

    /**
     * @param wish of the deployment; where it says nothing these count
     */
    BatchRules rules(boolean platformOwned, Batching wish) {
        if (!wish.joinsCalls()) {
            return BatchRules.alone();
        }
        boolean shared =
                switch (acrossTenants) {
                    case PLATFORM -> platformOwned;
                    case ALL -> true;
                    case NONE -> false;
                };
        int rows = wish.maxRows() == null ? maxRows : wish.maxRows();
        Long micros = wish.maxDelayMicros();
        return new BatchRules(
                rows,
                wish.maxBytes() == null ? maxBytes.toBytes() : wish.maxBytes(),
                micros == null ? maxDelay : Duration.of(micros, ChronoUnit.MICROS),
                (wish.preferredRows() == null ? preferredRows : wish.preferredRows())
                        .stream().filter(size -> size <= rows).toList(),
                shared);
    }
}
