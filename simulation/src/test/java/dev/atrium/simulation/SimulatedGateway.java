package dev.atrium.simulation;

import dev.atrium.gateway.feed.SimulatedFeed;
import dev.atrium.gateway.idempotency.SimulatedKeys;
import dev.atrium.gateway.metering.SimulatedJournal;
import dev.atrium.gateway.quota.Quotas;
import dev.atrium.gateway.quota.Reservation;
import dev.atrium.gateway.quota.SimulatedQuotas;
import dev.atrium.gateway.routing.ReplicaRouter;
import dev.atrium.gateway.routing.SimulatedRouting;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.RecallPage;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.simulation.database.Row;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import reactor.core.scheduler.Scheduler;

/** One gateway: its lives one after the other, and the journal that outlives them. */
final class SimulatedGateway {
    private static final int BATCH = 40;

    private final World world;
    private final UUID id;
    private final MachineClock clock;
    private final SimulatedJournal journal;
    private Timeline.Life life = new Timeline.Life();
    private UUID incarnation;
    private SimulatedFeed feed;
    private SimulatedQuotas quotas;
    private ReplicaRouter router;
    private SimulatedKeys keys;
    private boolean isSaying;
    private Scheduler eventLoop;
    private final Set<SimulatedCall> admitting = new LinkedHashSet<>();
    private boolean isJoined;
    private boolean isCut;
    private boolean isGone;
    private boolean writes;
    private boolean formerLivesTold;
    private long calls;
    private long retries;

    SimulatedGateway(World world, UUID id, MachineClock clock, Path folder) {
        this.world = world;
        this.id = id;
        this.clock = clock;
        this.journal = new SimulatedJournal(folder);
        life.end();
    }

    UUID id() {
        return id;
    }

    MachineClock clock() {
        return clock;
    }

    Timeline.Life life() {
        return life;
    }

    Quotas quotas() {
        return quotas.quotas();
    }

    SimulatedJournal journal() {
        return journal;
    }

    SimulatedFeed feed() {
        return feed;
    }

    SimulatedKeys keys() {
        return keys;
    }

    UUID incarnation() {
        return incarnation;
    }

    boolean isCut() {
        return isCut;
    }

    boolean isServing() {
        return !life.isOver() && feed.feed().isUsable();
    }

    ReplicaRouter router() {
        return router;
    }

    Scheduler eventLoop() {
        return eventLoop;
    }

    void cutOff(boolean cut) {
        isCut = cut;
    }

    boolean isQuiet() {
        return isGone
                || (!life.isOver()
                        && open() == 0
                        && !isSaying
                        && journal.openCalls() == 0
                        && journal.unshipped() == 0);
    }

    long open() {
        return quotas.open();
    }

    void countCall() {
        calls++;
    }

    void countRetry() {
        retries++;
        double most = SimulatedRouting.RETRY_RESERVE + SimulatedRouting.RETRY_RATIO * calls;
        if (retries > most + 1e-6) {
            throw new BrokenPromise(retries + " retries of " + calls + " calls");
        }
    }

    void start() {
        life = new Timeline.Life();
        incarnation = world.incarnation();
        journal.start();
        feed = new SimulatedFeed(clock);
        quotas = new SimulatedQuotas(feed.feed(), clock, World.RENEW, World.IDLE);
        router = SimulatedRouting.router(feed.feed(), clock, world.time().random());
        eventLoop = new VirtualScheduler(world.time(), life);
        keys = new SimulatedKeys(this::saySoon);
        isSaying = false;
        admitting.clear();
        writes = false;
        formerLivesTold = false;
        calls = 0;
        retries = 0;
        isJoined = false;
        later(0, "beat", this::beat);
    }

    /** A registry knows of this life; nothing else is said to any before. */
    private void join() {
        if (!isJoined) {
            isJoined = true;
            later(0, "tick", this::tick);
            later(0, "ship", this::ship);
            later(0, "feed", this::readFeed);
            later(0, "recalls", this::listen);
            later(0, "lives", this::tellFormerLives);
        }
    }

    private void later(long nanos, String what, Runnable step) {
        world.time().after(nanos, life, what, step);
    }

    void crash(boolean torn, boolean diskLost) {
        life.end();
        world.truth().keys().died(this);
        journal.crash(torn);
        if (diskLost) {
            journal.lose();
            world.truth().journalLost(this);
        }
    }

    void restart() {
        if (!life.isOver()) {
            crash(false, false);
        }
        start();
    }

    /** Dead, and nobody starts it again while anybody works. */
    void vanish(boolean diskLost) {
        crash(true, diskLost);
        isGone = true;
    }

    boolean isGone() {
        return isGone;
    }

    void comeBack() {
        isGone = false;
        start();
    }

    void arrive() {
        if (isServing()) {
            new SimulatedCall(world, this, world.caller()).begin();
        }
    }

    void writeSoon() {
        if (!writes) {
            writes = true;
            later(
                    world.time().delay(Timeline.MILLI / 20, 2 * Timeline.MILLI),
                    "write",
                    () -> {
                        writes = false;
                        journal.write();
                    });
        }
    }

    private void tick() {
        askForLeases();
        later(world.pace() / 10, "tick", this::tick);
    }

    void admits(SimulatedCall call) {
        admitting.add(call);
    }

    /** Or refused. */
    void admitted(SimulatedCall call) {
        admitting.remove(call);
    }

    boolean isUsing(Row.Lease lease) {
        return !life.isOver()
                && lease.key().gateway().equals(id)
                && lease.key().incarnation().equals(incarnation)
                && quotas.isUsing(lease.key().window().policy(), lease.id());
    }

    boolean hasTakenOfRate(Reservation reservation) {
        return quotas.hasTakenOfRate(reservation);
    }

    /** After each step: who was served, and does somebody wait for the registry? */
    void look() {
        if (life.isOver()) {
            return;
        }
        admitting.forEach(SimulatedCall::noteTake);
        if (quotas.isWoken()) {
            askForLeases();
            admitting.forEach(SimulatedCall::noteTake);
        }
    }

    private void askForLeases() {
        quotas.lapsing().forEach(policy -> world.truth().rates().ended(policy.value()));
        quotas.questions().forEach(this::ask);
    }

    private void tellFormerLives() {
        if (!formerLivesTold) {
            if (areFormerLivesShipped()) {
                ask(quotas.nothing());
            }
            later(Timeline.SECOND, "lives", this::tellFormerLives);
        }
    }

    private boolean areFormerLivesShipped() {
        return journal.areFormerLivesShipped() || world.mutant() == Mutant.FREES_FORMER_LIVES_EARLY;
    }

    private void ask(SimulatedQuotas.Asked asked) {
        boolean shipped = areFormerLivesShipped();
        LeaseRequest request = new LeaseRequest(incarnation, shipped, asked.wishes());
        long sentAt = clock.nanos();
        world.network()
                .<LeaseReply>ask(
                        life,
                        () -> isCut,
                        "leases",
                        (registry, answer, fail) -> registry.leases(id, request, answer, fail),
                        reply -> {
                            formerLivesTold |= shipped;
                            quotas.answered(asked, reply, sentAt);
                        },
                        () -> quotas.failed(asked));
    }

    private void ship() {
        ShipUsage shipment = journal.next(BATCH);
        if (shipment.settled().isEmpty() && shipment.orphans().isEmpty()) {
            journal.acknowledged();
            later(world.pace() / 10, "ship", this::ship);
            return;
        }
        boolean early = world.mutant() == Mutant.TRIMS_BEFORE_ACKNOWLEDGED;
        if (early) {
            journal.acknowledged();
        }
        world.network()
                .<Boolean>ask(
                        life,
                        () -> isCut,
                        "usage",
                        (registry, answer, fail) ->
                                registry.transact(
                                        "usage",
                                        fail,
                                        () -> {
                                            registry.ledger().take(id, shipment, World.TENANTS);
                                            answer.accept(true);
                                        }),
                        taken -> {
                            if (!early) {
                                journal.acknowledged();
                            }
                            later(0, "ship", this::ship);
                        },
                        () ->
                                later(
                                        world.time()
                                                .delay(50 * Timeline.MILLI, 5 * Timeline.SECOND),
                                        "ship again",
                                        this::ship));
    }

    private void saySoon() {
        if (!isSaying) {
            isSaying = true;
            later(world.time().delay(0, Timeline.MILLI), "outcomes", this::sayOutcomes);
        }
    }

    private void sayOutcomes() {
        List<KeyOutcome> batch = keys.next();
        if (batch.isEmpty()) {
            isSaying = false;
            return;
        }
        world.network()
                .<Boolean>ask(
                        life,
                        () -> isCut,
                        "outcomes",
                        (registry, answer, fail) -> registry.outcomes(id, batch, answer, fail),
                        taken -> {
                            keys.said(batch);
                            world.truth().keys().said(batch);
                            later(0, "outcomes", this::sayOutcomes);
                        },
                        () -> {
                            keys.again(batch);
                            later(
                                    world.time().delay(50 * Timeline.MILLI, 5 * Timeline.SECOND),
                                    "outcomes again",
                                    this::sayOutcomes);
                        });
    }

    private void readFeed() {
        UUID epoch = feed.epoch();
        long after = feed.revision();
        world.network()
                .<FeedPage>ask(
                        life,
                        () -> isCut,
                        "feed",
                        (registry, answer, fail) ->
                                registry.transact(
                                        "feed",
                                        fail,
                                        () -> answer.accept(world.feed().read(epoch, after))),
                        page -> {
                            boolean more = feed.accept(mangled(page), clock.nanos());
                            later(more ? 0 : world.pace() / 3, "feed", this::readFeed);
                        },
                        () -> later(Timeline.SECOND, "feed", this::readFeed));
    }

    private FeedPage mangled(FeedPage page) {
        boolean mangles =
                world.mutant() == Mutant.SKIPS_A_REVISION
                        && !page.entries().isEmpty()
                        && world.time().chance(0.05);
        return mangles
                ? new FeedPage(
                        page.epoch(),
                        page.full(),
                        page.revision(),
                        page.more(),
                        page.entries().subList(1, page.entries().size()))
                : page;
    }

    /** Says that it lives. */
    private void beat() {
        Runnable again = () -> later(world.pace(), "beat", this::beat);
        world.network()
                .<Boolean>ask(
                        life,
                        () -> isCut,
                        "heartbeat",
                        (registry, answer, fail) ->
                                registry.transact(
                                        "heartbeat",
                                        fail,
                                        () -> {
                                            registry.hear(id, incarnation);
                                            answer.accept(true);
                                        }),
                        taken -> {
                            join();
                            again.run();
                        },
                        again);
    }

    private void listen() {
        long after = quotas.recallSequence();
        world.network()
                .<RecallPage>ask(
                        life,
                        () -> isCut,
                        "recalls",
                        (registry, answer, fail) ->
                                registry.transact(
                                        "recalls",
                                        fail,
                                        () -> answer.accept(world.recalls().after(after, id))),
                        page -> {
                            quotas.heard(page);
                            if (world.mutant() == Mutant.FORGETS_LEASE_AT_RECALL) {
                                quotas.forget(page.recalls());
                            }
                            later(world.pace() / 8, "recalls", this::listen);
                        },
                        () -> later(Timeline.SECOND, "recalls", this::listen));
    }
}
