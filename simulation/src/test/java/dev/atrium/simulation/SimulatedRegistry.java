package dev.atrium.simulation;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.quota.LeaseReply;
import dev.atrium.registry.api.quota.LeaseRequest;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.idempotency.SimulatedIdempotency;
import dev.atrium.registry.node.MemoryGatewayLives;
import dev.atrium.registry.quota.SimulatedSettlements;
import dev.atrium.registry.quota.lease.MemoryLeaseStore;
import dev.atrium.registry.quota.lease.SimulatedDesk;
import dev.atrium.registry.usage.MemoryLedger;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One registry: between two of its transactions others have theirs, and it may die. Puts the
 * product's decisions in the order in which the product's services put them.
 */
final class SimulatedRegistry {
    private static final long RECALL_WAIT = 200 * Timeline.MILLI;
    private static final int ROUNDS = 4;

    private final World world;
    private final MachineClock clock;
    private Timeline.Life life = new Timeline.Life();
    private SimulatedDesk desk;
    private SimulatedSettlements settlements;
    private MemoryLedger ledger;
    private SimulatedIdempotency keys;

    SimulatedRegistry(World world, MachineClock clock) {
        this.world = world;
        this.clock = clock;
        start();
    }

    Timeline.Life life() {
        return life;
    }

    MachineClock clock() {
        return clock;
    }

    MemoryLedger ledger() {
        return ledger;
    }

    /** Charges that nobody may make. */
    long strangeCharges() {
        return settlements.strange();
    }

    void start() {
        life = new Timeline.Life();
        MemoryDatabase database = world.database();
        Mutant mutant = world.mutant();
        MemoryLeaseStore store = world.leaseStore();
        desk = new SimulatedDesk(database, store, World.LEASE_LIFETIME, clock);
        MemoryGatewayLives lives = new MemoryGatewayLives(database, clock);
        keys =
                new SimulatedIdempotency(
                        database, clock, (call, key) -> takesWrongly(call, key, lives));
        if (settlements == null) {
            settlements =
                    new SimulatedSettlements(
                            database,
                            clock,
                            mutant == Mutant.SETTLES_TWICE,
                            world.truth()::chargedOddly);
        }
        ledger =
                new MemoryLedger(
                        database,
                        settlements.settlements(),
                        World.SILENCE,
                        World.DEAD_NODE_PATIENCE,
                        World.LOST_GATEWAY,
                        World.LOST_CALL,
                        clock,
                        World.PRICE,
                        mutant == Mutant.POSTS_WHAT_IT_KNOWS,
                        mutant == Mutant.FREES_LOST_BEFORE_POSTED,
                        mutant == Mutant.CHARGES_WHAT_WAS_GIVEN_UP);
        world.time().after(world.time().between(0, Timeline.SECOND), life, "lead", this::lead);
    }

    /** With the planted bugs of keys. */
    private boolean takesWrongly(UUID call, Row.Key key, MemoryGatewayLives lives) {
        return switch (world.mutant()) {
            case FREES_KEYS_OF_THE_DEAD ->
                    key.is("CLAIMED") && !lives.isAlive(key.gateway(), key.incarnation());
            case GIVES_A_RELEASED_KEY_TO_ITS_OWN_CALL ->
                    key.is("RELEASED") && key.call().equals(call);
            case GIVES_A_KEY_IN_A_PASSED_TURN -> key.is("RELEASED") && !key.call().equals(call);
            default -> false;
        };
    }

    void crash() {
        life.end();
    }

    /** One transaction after some time; whatever it does not survive, the caller hears of. */
    void transact(String what, Runnable fail, Runnable work) {
        world.time()
                .after(
                        world.databaseDelay(),
                        life,
                        what,
                        () -> {
                            if (world.isDatabaseDown()) {
                                fail.run();
                                return;
                            }
                            try {
                                work.run();
                            } catch (MemoryDatabase.AbortedException e) {
                                fail.run();
                            }
                        });
    }

    private void lead() {
        if (world.isLeader(this)) {
            Runnable nothing = () -> {};
            transact("expire", nothing, desk::endTheSilent);
            transact("dead nodes", nothing, world::buryNodes);
            transact("orphans in ledger", nothing, ledger::settleThoseInTheLedger);
            transact("orphans", nothing, () -> ledger.gateways().forEach(ledger::settleFromNodes));
            transact("void", nothing, ledger::voidTheUnknown);
            if (world.mutant() != Mutant.LEAVES_THE_LOST_ALONE) {
                transact("lost gateways", nothing, ledger.lostGateways()::run);
            }
        }
        world.time().after(Timeline.SECOND, life, "lead", this::lead);
    }

    /** A gateway's heartbeat. */
    void hear(UUID gateway, UUID incarnation) {
        desk.note(gateway, incarnation);
        world.database()
                .executeWithoutResult(status ->
                        world.database()
                                .gateways
                                .put(gateway, new Row.Gateway(incarnation, clock.instant())));
    }

    void claim(UUID gateway, ClaimKey claim, Consumer<ClaimReply> answer, Runnable fail) {
        transact(
                "claim",
                fail,
                () -> {
                    ClaimReply reply = keys.claim(gateway, claim);
                    if (reply.standing() == KeyStanding.NEW) {
                        world.truth().keys().given(claim.callId());
                    }
                    answer.accept(reply);
                });
    }

    /** How calls with keys ended. */
    void outcomes(
            UUID gateway, List<KeyOutcome> outcomes, Consumer<Boolean> answer, Runnable fail) {
        transact(
                "outcomes",
                fail,
                () -> {
                    keys.end(gateway, outcomes);
                    world.truth().keys().heard(outcomes);
                    answer.accept(true);
                });
    }

    /** What a further call with a key would be told. */
    ClaimReply probe(ClaimKey claim) {
        UUID gateway = world.incarnation();
        ClaimKey next =
                new ClaimKey(
                        claim.tenantId(),
                        claim.key(),
                        claim.fingerprint(),
                        world.incarnation(),
                        world.incarnation(),
                        claim.longestMillis(),
                        null);
        ClaimReply reply = keys.claim(gateway, next);
        return reply.standing() == KeyStanding.FREE
                ? keys.claim(gateway, next.inTurn(reply.turn()))
                : reply;
    }

    /** A request for leases; the order of its transactions is that of LeaseService. */
    void leases(UUID gateway, LeaseRequest request, Consumer<LeaseReply> answer, Runnable fail) {
        UUID incarnation = request.incarnation();
        transact(
                "note",
                fail,
                () -> {
                    desk.note(gateway, incarnation);
                    if (request.formerLivesShipped()) {
                        desk.release(gateway, incarnation);
                    }
                    List<LeaseWish> wishes =
                            request.wishes().stream()
                                    .map(this::heard)
                                    .sorted(Comparator.comparing(wish -> wish.policyId().value()))
                                    .toList();
                    wish(
                            new Asking(gateway, incarnation, wishes, answer, fail),
                            0,
                            new ArrayList<>());
                });
    }

    /** With the planted bug of rates. */
    private LeaseState said(LeaseState state) {
        if (world.mutant() != Mutant.GIVES_EACH_GATEWAY_THE_WHOLE_RATE
                || !world.database().policies.get(state.policyId().value()).window().isRate()) {
            return state;
        }
        return new LeaseState(
                state.policyId(),
                state.windowStart(),
                state.windowEnd(),
                state.leaseId(),
                state.amount() * 3,
                state.validMillis(),
                state.limit(),
                state.used(),
                state.reserved(),
                state.unreconciled());
    }

    private LeaseWish heard(LeaseWish wish) {
        if (world.mutant() != Mutant.COUNTS_RETURNS_TWICE) {
            return wish;
        }
        return new LeaseWish(
                wish.policyId(),
                wish.windowStart(),
                wish.leaseId(),
                wish.atLeast(),
                wish.want(),
                wish.returned() * 2,
                wish.refused());
    }

    private record Asking(
            UUID gateway,
            UUID incarnation,
            List<LeaseWish> wishes,
            Consumer<LeaseReply> answer,
            Runnable fail) {}

    private void wish(Asking asking, int place, List<LeaseState> states) {
        if (place == asking.wishes().size()) {
            asking.answer().accept(new LeaseReply(clock.instant(), states));
            return;
        }
        transact("wish", asking.fail(), () -> answer(asking, place, states, ROUNDS + 1));
    }

    private void answer(Asking asking, int place, List<LeaseState> states, int rounds) {
        LeaseWish wish = asking.wishes().get(place);
        SimulatedDesk.Answer answer =
                desk.answer(asking.gateway(), asking.incarnation(), wish).orElse(null);
        if (answer != null && answer.awaited() > 0 && rounds > 1) {
            world.recalls().ask(answer.window(), asking.gateway());
            world.time()
                    .after(
                            RECALL_WAIT / ROUNDS,
                            life,
                            "wait for returns",
                            () ->
                                    transact(
                                            "wish again",
                                            asking.fail(),
                                            () -> answer(asking, place, states, rounds - 1)));
            return;
        }
        if (answer != null) {
            states.add(said(answer.state()));
        }
        wish(asking, place + 1, states);
    }
}
