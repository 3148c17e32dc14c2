package dev.atrium.node.worker;

import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.Energy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch used, and what of it is whose: by tokens, or where there are none by rows, so that
 * the calls' figures add up to it. Used by one thread at a time.
 */
final class BatchUsage {
    private final EnergyMeter meter;
    private EnergyMeter.@Nullable Share share;
    private long beganNanos;
    private long givenMicros;
    private long givenJoules;
    private long givenCarbon;

    BatchUsage(EnergyMeter meter) {
        this.meter = meter;
    }

    void begin() {
        beganNanos = System.nanoTime();
        share = meter.begin();
    }

    void end() {
        meter.end();
    }

    /** Once: the reader of the last piece and the journal must agree. */
    void takeEnergy(RunningCall call) {
        if (!call.hasEnergy()) {
            call.took(soFar());
        }
    }

    /**
     * Of a call that ends before its batch.
     *
     * @param said what the worker computed for it alone; for a call that it released nothing, and
     *     then it is the call's part of the time until now
     */
    void ofOne(RunningCall call, NodeUsage said) {
        call.said(said.computeMicros() > 0 ? said : call.usage());
        long micros = call.known().computeMicros();
        givenMicros += micros;
        Energy whole = soFar();
        if (whole != null) {
            call.took(part(whole, Math.min(1, (double) micros / elapsedMicros())));
        }
    }

    private @Nullable Energy part(Energy whole, double part) {
        long joules = (long) (whole.microjoules() * part);
        Long all = whole.carbonNanograms();
        Long carbon = all == null ? null : Long.valueOf((long) (all * part));
        givenJoules += joules;
        givenCarbon += carbon == null ? 0 : carbon;
        return joules == 0 ? null : new Energy(joules, carbon, whole.method());
    }

    /** Of one call the worker's figures are as they are; of several they are shared out by rows. */
    void ofAll(List<RunningCall> left, NodeUsage said) {
        if (left.size() == 1 && givenMicros == 0) {
            left.getFirst().said(said);
            takeEnergy(left.getFirst());
        } else if (!left.isEmpty()) {
            share(left, said, Map.of());
        }
    }

    /**
     * @param left calls that end with the batch
     * @param said of the whole batch
     * @param tokens of each call; may be empty
     */
    void share(List<RunningCall> left, NodeUsage said, Map<RunningCall, Long> tokens) {
        long[] weights = left.stream().mapToLong(call -> tokens.getOrDefault(call, 0L)).toArray();
        if (Arrays.stream(weights).sum() <= 0) {
            weights = left.stream().mapToLong(RunningCall::rows).toArray();
        }
        long possible = Math.clamp(said.computeMicros(), 0, elapsedMicros());
        long[] micros = Shares.of(Math.max(0, possible - givenMicros), weights);
        List<@Nullable Energy> energy = Shares.of(rest(soFar()), weights);
        for (int i = 0; i < micros.length; i++) {
            RunningCall call = left.get(i);
            call.said(new NodeUsage(tokens.getOrDefault(call, 0L), 0, micros[i]));
            call.took(energy.get(i));
        }
    }

    private @Nullable Energy rest(@Nullable Energy whole) {
        if (whole == null || whole.microjoules() <= givenJoules) {
            return null;
        }
        Long carbon = whole.carbonNanograms();
        return new Energy(
                whole.microjoules() - givenJoules,
                carbon == null ? null : Math.max(0, carbon - givenCarbon),
                whole.method());
    }

    private @Nullable Energy soFar() {
        EnergyMeter.Share begun = share;
        return begun == null ? null : meter.soFar(begun);
    }

    private long elapsedMicros() {
        return Math.max(1, (System.nanoTime() - beganNanos) / 1_000);
    }
}
