package dev.atrium.gateway.admission;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the gateway takes on.
 *
 * @param maxInFlight most calls at a time, over all callers; more are answered 503
 * @param shedHeapPercent share of the heap in use after a collection beyond which calls are
 *     answered 503
 * @param resumeHeapPercent share of the heap in use below which they are served again
 * @param shedLoopDelay how late an event loop may be before calls on it are answered 503
 * @param resumeLoopDelay how late it may be when they are served again
 */
@Validated
@ConfigurationProperties("atrium.gateway.admission")
record AdmissionProperties(
        @Positive @DefaultValue("4096") int maxInFlight,
        @Positive @Max(100) @DefaultValue("90") int shedHeapPercent,
        @PositiveOrZero @DefaultValue("80") int resumeHeapPercent,
        @NotNull @DefaultValue("1s") Duration shedLoopDelay,
        @NotNull @DefaultValue("200ms") Duration resumeLoopDelay) {
    AdmissionProperties {
        if (resumeHeapPercent >= shedHeapPercent) {
            throw new IllegalArgumentException(
                    "atrium.gateway.admission.resume-heap-percent ("
                            + resumeHeapPercent
                            + ") must be less than atrium.gateway.admission.shed-heap-percent ("
                            + shedHeapPercent
                            + ")");
        }
        if (resumeLoopDelay.compareTo(shedLoopDelay) >= 0) {
            throw new IllegalArgumentException(
                    "atrium.gateway.admission.resume-loop-delay ("
                            + resumeLoopDelay
                            + ") must be less than atrium.gateway.admission.shed-loop-delay ("
                            + shedLoopDelay
                            + ")");
        }
    }
}
