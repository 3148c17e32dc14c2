package dev.atrium.simulation;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.quota.Decision;
import dev.atrium.gateway.quota.Reservation;
import dev.atrium.gateway.routing.ChosenReplica;
import dev.atrium.gateway.routing.SimulatedRouting;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.simulation.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The life of one call at a gateway, in the order of the product's pipeline: admit, reserve,
 * journal OPEN, route, forward, settle, journal SETTLED.
 */
final class SimulatedCall {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final World world;
    private final SimulatedGateway gateway;
    private final Timeline.Life life;
    private final Caller caller;
    private final Reservation reservation;
    private final Consumer<UsageRecord> whenOver;
    private final UUID named;
    private final Disposable.Swap waiting = Disposables.swap();
    private final Set<PlacementId> failed = new HashSet<>();
    private final long input;
    private final long asked;
    private UUID id;
    private Instant openedAt;
    private List<Charge> charges = List.of();
    private int attempts;
    private SimulatedNode node;
    private ChosenReplica chosen;
    private long takenAt = -1;
    private boolean isOver;
    private boolean isOpen;
    private UsageRecord booked;
    private long usedInput;
    private long usedOutput;
    private long usedMicros;

    SimulatedCall(World world, SimulatedGateway gateway, Caller caller) {
        this(world, gateway, caller, null, usage -> {});
    }

    /**
     * @param named its id, of a call that goes on when its client leaves; null for another one
     * @param whenOver told what was booked; null where nothing was
     */
    SimulatedCall(
            World world,
            SimulatedGateway gateway,
            Caller caller,
            UUID named,
            Consumer<UsageRecord> whenOver) {
        this.world = world;
        this.named = named;
        this.whenOver = whenOver;
        this.gateway = gateway;
        this.life = gateway.life();
        this.caller = caller;
        this.input = world.time().between(1, 40);
        this.asked = world.time().between(1, 120);
        this.reservation = gateway.quotas().begin(caller, World.MODEL, World.PRICE);
    }

    void begin() {
        if (named == null && world.time().chance(0.06)) {
            world.time()
                    .after(
                            world.time().delay(0, 2 * Timeline.SECOND),
                            life,
                            "client goes",
                            this::clientGoes);
        }
        gateway.admits(this);
        waiting.replace(
                gateway.quotas()
                        .admit(reservation, DEADLINE, gateway.eventLoop())
                        .subscribe(decision -> decided(decision, this::admitted)));
    }

    private void admitted() {
        noteTake();
        gateway.admitted(this);
        reserve();
    }

    /** While it is being admitted, after everything that may have given it its unit of a rate. */
    void noteTake() {
        if (takenAt < 0 && !isOver && gateway.hasTakenOfRate(reservation)) {
            takenAt = world.time().now();
            world.truth().rates().taken(caller.principalId());
        }
    }

    /** Of rates; totals and permits are the ledger's and the reservation's matter. */
    private void giveBack() {
        if (takenAt >= 0) {
            world.truth().rates().givenBack(caller.principalId(), takenAt);
            takenAt = -1;
        }
    }

    private void decided(Decision decision, Runnable next) {
        if (isOver) {
            return;
        }
        if (decision instanceof Decision.Granted) {
            next.run();
        } else {
            world.note(decision);
            end();
        }
    }

    private void reserve() {
        TokenBounds bounds = TokenBounds.ofGeneration(input, asked, 150);
        waiting.replace(
                gateway.quotas()
                        .reserve(reservation, bounds, DEADLINE, gateway.eventLoop())
                        .subscribe(decision -> decided(decision, this::open)));
    }

    private void open() {
        openedAt = gateway.clock().instant();
        id = named == null ? world.callId(openedAt) : named;
        charges = reservation.open(openedAt);
        OpenCall opening =
                new OpenCall(
                        id,
                        caller.tenantId(),
                        caller.projectId(),
                        caller.principalKind(),
                        caller.principalId(),
                        World.MODEL_ID,
                        World.MODEL,
                        World.VERSION,
                        1,
                        Operation.CHAT,
                        openedAt,
                        charges,
                        World.PRICE.id(),
                        null);
        world.truth().opening(gateway, opening);
        gateway.journal()
                .open(
                        opening,
                        () -> {
                            isOpen = true;
                            world.truth().opened(id);
                            world.time().after(0, life, "opened", this::forward);
                        },
                        failure -> {
                            reservation.rollBack();
                            giveBack();
                            end();
                        });
        gateway.writeSoon();
    }

    private void forward() {
        if (isOver) {
            return;
        }
        gateway.countCall();
        attempt(gateway.router().first(World.VERSION), Outcome.NO_REPLICA);
    }

    private void attempt(Optional<ChosenReplica> replica, Outcome otherwise) {
        if (replica.isEmpty()) {
            settle(otherwise);
            return;
        }
        chosen = replica.get();
        world.truth().routed(gateway, chosen.replica());
        attempts++;
        if (world.mutant() != Mutant.BILLS_THE_RETRY_TOO) {
            usedInput = 0;
            usedOutput = 0;
            usedMicros = 0;
        }
        node = world.node(chosen.replica().nodeId());
        send(node, new Row.Attempt(id, attempts), chosen);
    }

    private void send(SimulatedNode to, Row.Attempt attempt, ChosenReplica taken) {
        long output = Math.min(world.time().between(0, 120), reservation.outputTokens());
        if (world.time().chance(0.01)) {
            output += 500;
        }
        SimulatedNode.Work work =
                new SimulatedNode.Work(
                        input,
                        output,
                        world.time().delay(Timeline.MILLI, 2 * Timeline.SECOND),
                        granted());
        SimulatedNode.Listener listener = listener(taken);
        boolean midway = world.time().chance(0.01);
        if (to.life().isOver() || world.time().chance(world.refusals())) {
            world.time().after(world.network().delay(), life, "no node", listener::refused);
        } else {
            world.network()
                    .send(
                            to.life(),
                            "attempt",
                            () -> to.compute(attempt, World.VERSION, work, listener));
            if (midway) {
                world.time().after(work.nanos() / 2, life, "broken", listener::vanished);
            }
        }
        world.time()
                .after(
                        DEADLINE.toNanos(),
                        life,
                        "deadline",
                        () -> {
                            if (isRunning(taken)) {
                                taken.failed();
                                to.cancel(attempt, input, 0);
                                settle(Outcome.DEADLINE_EXCEEDED);
                            }
                        });
    }

    private GrantedCall granted() {
        return new GrantedCall(
                gateway.id(),
                caller.tenantId(),
                caller.projectId(),
                caller.principalKind(),
                caller.principalId(),
                World.MODEL_ID,
                World.MODEL,
                1,
                Operation.CHAT,
                null,
                ReservedLeases.text(charges));
    }

    private boolean isRunning(ChosenReplica taken) {
        return !isOver && chosen == taken && !life.isOver();
    }

    /** Answers travel back; each attempt is listened to only while it is the present one. */
    private SimulatedNode.Listener listener(ChosenReplica taken) {
        return new SimulatedNode.Listener() {
            @Override
            public void answered(long in, long out, long micros) {
                world.time()
                        .after(
                                world.network().delay(),
                                life,
                                "node answers",
                                () -> {
                                    if (isRunning(taken)) {
                                        usedInput += in;
                                        usedOutput += out;
                                        usedMicros += micros;
                                        taken.succeeded();
                                        settle(Outcome.OK);
                                    }
                                });
            }

            @Override
            public void refused() {
                fails(taken, Outcome.NO_REPLICA);
            }

            @Override
            public void vanished() {
                world.time()
                        .after(
                                world.network().delay(),
                                life,
                                "vanished",
                                () -> {
                                    if (isRunning(taken)) {
                                        usedInput += input;
                                        usedMicros += input * 300;
                                    }
                                    fails(taken, Outcome.NODE_FAILED);
                                });
            }
        };
    }

    private void fails(ChosenReplica taken, Outcome outcome) {
        if (!isRunning(taken)) {
            return;
        }
        taken.failed();
        failed.add(taken.replica().placementId());
        Optional<ChosenReplica> next = gateway.router().next(World.VERSION, attempts, failed);
        if (next.isPresent()) {
            gateway.countRetry();
            if (attempts >= SimulatedRouting.MOST_ATTEMPTS) {
                throw new BrokenPromise("a call has more attempts than it may");
            }
        }
        attempt(next, outcome);
    }

    private void clientGoes() {
        if (isOver) {
            return;
        }
        if (world.mutant() == Mutant.LEAKS_WHEN_CLIENT_GOES && !isOpen) {
            isOver = true;
            waiting.dispose();
            return;
        }
        if (chosen != null) {
            chosen.abandoned();
            node.cancel(new Row.Attempt(id, attempts), input, Math.min(asked / 2, 3));
        }
        if (isOpen) {
            settle(Outcome.CLIENT_GONE);
        } else if (id == null) {
            end();
        }
    }

    private void settle(Outcome outcome) {
        if (isOver) {
            return;
        }
        boolean reached = attempts > 0 && outcome != Outcome.NO_REPLICA;
        Consumption used = new Consumption(reached, usedInput, usedOutput, usedMicros);
        List<Charge> settled = Charge.settled(moved(charges), used, World.PRICE);
        UsageRecord record =
                new UsageRecord(
                        id,
                        caller.tenantId(),
                        caller.projectId(),
                        caller.principalKind(),
                        caller.principalId(),
                        World.MODEL_ID,
                        World.MODEL,
                        World.VERSION,
                        1,
                        Operation.CHAT,
                        outcome,
                        200,
                        attempts,
                        node == null ? null : node.id(),
                        usedInput,
                        usedOutput,
                        usedMicros,
                        null,
                        openedAt,
                        gateway.clock().instant(),
                        UsageSource.GATEWAY,
                        settled,
                        World.PRICE.id(),
                        World.PRICE.cost(used),
                        null,
                        null,
                        null,
                        null);
        gateway.journal().settle(record);
        gateway.writeSoon();
        world.truth().settled(record, reached);
        booked = record;
        gateway.quotas().settle(reservation, record);
        if (!reached) {
            giveBack();
        }
        end();
    }

    /** Where the planted bug charges. */
    private List<Charge> moved(List<Charge> reserved) {
        if (world.mutant() != Mutant.CHARGES_WINDOW_OF_SETTLEMENT) {
            return reserved;
        }
        return reserved.stream()
                .map(charge ->
                        new Charge(
                                charge.policyId(),
                                world.windowNow(charge),
                                charge.unit(),
                                charge.leaseId(),
                                charge.reserved(),
                                charge.charged(),
                                charge.refused()))
                .toList();
    }

    private void end() {
        if (!isOver) {
            isOver = true;
            gateway.admitted(this);
            waiting.dispose();
            if (id == null) {
                giveBack();
            }
            gateway.quotas().end(reservation);
            whenOver.accept(booked);
        }
    }
}
