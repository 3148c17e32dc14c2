package dev.atrium.simulation;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.idempotency.SimulatedKeys;
import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One request with an idempotency key at a gateway, in the order of the product: it claims the key,
 * and lives the call if the key is its own.
 */
final class KeyedRequest {
    /** What its client makes of the answer. */
    enum Heard {
        FINAL,
        TRY_AGAIN
    }

    private static final long LONGEST_WAIT = 2 * Timeline.SECOND;
    private static final long LONGEST_MILLIS = 63_000;

    private final World world;
    private final SimulatedGateway gateway;
    private final Caller caller;
    private final Consumer<Heard> client;
    private final UUID id;
    private final ClaimKey claim;
    private final SimulatedKeys.Held held;
    private boolean isOwn;
    private boolean isOver;

    KeyedRequest(
            World world,
            SimulatedGateway gateway,
            Caller caller,
            String key,
            String fingerprint,
            Consumer<Heard> client) {
        this.world = world;
        this.gateway = gateway;
        this.caller = caller;
        this.client = client;
        this.id = world.callId(gateway.clock().instant());
        this.held = gateway.keys().begin();
        this.claim =
                new ClaimKey(
                        caller.tenantId(),
                        key,
                        fingerprint,
                        id,
                        gateway.incarnation(),
                        LONGEST_MILLIS,
                        null);
    }

    void begin() {
        world.truth().keys().begins(gateway, claim);
        held.asks(claim);
        world.time().after(LONGEST_WAIT, gateway.life(), "waits no more", this::waitsNoMore);
        ask(claim);
    }

    private void ask(ClaimKey asked) {
        world.network()
                .<ClaimReply>ask(
                        gateway.life(),
                        gateway::isCut,
                        "claim",
                        (registry, answer, fail) ->
                                registry.claim(gateway.id(), asked, answer, fail),
                        reply -> {
                            if (reply.standing() == KeyStanding.FREE) {
                                ask(claim.inTurn(reply.turn()));
                            } else {
                                held.askedFor();
                                standing(reply);
                            }
                        },
                        () -> {
                            held.askedFor();
                            waitsNoMore();
                        });
    }

    /** Does nothing to what it would have to wait for. */
    void clientGoes() {
        waitsNoMore();
    }

    private void waitsNoMore() {
        if (!isOwn) {
            over(503, null, Heard.TRY_AGAIN);
        }
    }

    private void standing(ClaimReply reply) {
        if (isOver) {
            return;
        }
        switch (reply.standing()) {
            case NEW -> {
                isOwn = true;
                new SimulatedCall(world, gateway, caller, id, this::callOver).begin();
            }
            case FREE -> throw new IllegalStateException("a free key is claimed again");
            case ANSWERED -> {
                world.truth().keys().replayed(claim, reply);
                isAnothers(Heard.FINAL);
            }
            case IN_FLIGHT -> isAnothers(Heard.TRY_AGAIN);
            case MISMATCH, UNKNOWN, NOT_KEPT -> isAnothers(Heard.FINAL);
        }
    }

    private void isAnothers(Heard heard) {
        held.isAnothers();
        world.truth().keys().isAnothers(id);
        over(409, null, heard);
    }

    private void callOver(UsageRecord booked) {
        boolean isPaid = booked != null && booked.consumption().reached();
        boolean isForgotten =
                world.mutant() == Mutant.RELEASES_WHAT_FAILED
                        && isPaid
                        && booked.outcome() != Outcome.OK;
        over(
                isPaid ? booked.httpStatus() : 429,
                isForgotten ? null : booked,
                isPaid ? Heard.FINAL : Heard.TRY_AGAIN);
    }

    private void over(int status, UsageRecord booked, Heard heard) {
        if (isOver) {
            return;
        }
        isOver = true;
        byte[] body = (status + " of " + id).getBytes(StandardCharsets.UTF_8);
        world.truth().keys().answered(id, status, body);
        held.answered(status, body, booked);
        client.accept(heard);
    }
}
