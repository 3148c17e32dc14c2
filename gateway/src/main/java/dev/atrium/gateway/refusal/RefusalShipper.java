package dev.atrium.gateway.refusal;

import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.ShipRefusalsReply;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells the registry what was refused, again and again until it has heard, while no more than the
 * bounds of {@link Refusals} waits.
 */
@Component
class RefusalShipper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalShipper.class);
    private static final String PATH = "/internal/v1/calls/refused";

    /** Answers that say something about the message itself, and not about this moment. */
    private static final Set<Integer> UNACCEPTABLE = Set.of(400, 413, 422);

    private final Refusals refusals;
    private final RegistryClient registry;
    private final Membership membership;
    private final RefusalProperties properties;
    private final BackgroundLoop loop = new BackgroundLoop("telling of refused calls", this::round);
    private List<RefusedCall> untold = List.of();
    private boolean isUnheard;

    RefusalShipper(
            Refusals refusals,
            RegistryClient registry,
            Membership membership,
            RefusalProperties properties) {
        this.refusals = refusals;
        this.registry = registry;
        this.membership = membership;
        this.properties = properties;
    }

    private Duration round() throws InterruptedException {
        if (!membership.isJoined()) {
            return properties.shipInterval();
        }
        return tell() >= ShipRefusals.MOST ? Duration.ZERO : properties.shipInterval();
    }

    /**
     * @return how many calls were told of one by one
     */
    private int tell() throws InterruptedException {
        if (untold.isEmpty()) {
            untold = refusals.next();
        }
        List<RefusedCall> calls = untold;
        List<UnlistedRefusals> counts = refusals.untoldCounts();
        if (!calls.isEmpty() || !counts.isEmpty()) {
            isUnheard = true;
            send(calls, counts);
        }
        isUnheard = false;
        untold = List.of();
        return calls.size();
    }

    private void send(List<RefusedCall> calls, List<UnlistedRefusals> counts)
            throws InterruptedException {
        try {
            ShipRefusalsReply reply =
                    registry.post(
                            PATH,
                            new ShipRefusals(membership.incarnation(), calls, counts),
                            ShipRefusalsReply.class);
            LOG.debug("told of {} refused calls and {} counts: {}", calls.size(), counts, reply);
            refusals.told(calls, counts);
        } catch (RegistryException.Refused e) {
            if (!UNACCEPTABLE.contains(e.status())) {
                throw e;
            }
            LOG.warn("{} refused calls are in no log: {}", calls.size(), e.getMessage());
            refusals.lost(calls, counts);
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    /** One last word, unless the registry has not heard the one before: it would hold the stop. */
    @Override
    public void stop() {
        loop.stop();
        try {
            if (!isUnheard && membership.isJoined()) {
                tell();
            }
        } catch (RegistryException e) {
            LOG.info("the last refused calls are in no log: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /** Stops when calls have ended. */
    @Override
    public int getPhase() {
        return 0;
    }
}
