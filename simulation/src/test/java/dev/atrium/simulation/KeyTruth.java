package dev.atrium.simulation;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyStanding;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What really became of the calls of each idempotency key. */
final class KeyTruth {
    /** One request with a key. */
    private static final class Try {
        final Named key;
        final ClaimKey claim;
        final SimulatedGateway gateway;
        boolean isComputed;
        boolean isHeard;
        Boolean isPaid;
        byte[] answer;
        int status;

        Try(Named key, ClaimKey claim, SimulatedGateway gateway) {
            this.key = key;
            this.claim = claim;
            this.gateway = gateway;
        }

        /** Whether another call with its key would be one too many. */
        boolean isExecution() {
            return isPaid == null ? isComputed : isPaid;
        }
    }

    /** One key. */
    private static final class Named {
        final String name;
        final TreeSet<UUID> tries = new TreeSet<>();

        /** Nobody says any more how a call of its ended that may have it. */
        boolean isForsaken;

        Named(String name) {
            this.name = name;
        }
    }

    private final World world;
    private final Map<String, Named> keys = new TreeMap<>();
    private final TreeMap<UUID, Try> tries = new TreeMap<>();
    private final TreeMap<UUID, Try> unsaid = new TreeMap<>();
    private long replays;

    KeyTruth(World world) {
        this.world = world;
    }

    long replays() {
        return replays;
    }

    void begins(SimulatedGateway gateway, ClaimKey claim) {
        Named key = keys.computeIfAbsent(claim.key(), Named::new);
        key.tries.add(claim.callId());
        Try begun = new Try(key, claim, gateway);
        tries.put(claim.callId(), begun);
        unsaid.put(claim.callId(), begun);
    }

    /** A registry knows how these ended. */
    void heard(List<KeyOutcome> outcomes) {
        outcomes.forEach(outcome -> tries.get(outcome.callId()).isHeard = true);
    }

    /** The gateway has nothing to say of this one: the key is another's. */
    void isAnothers(UUID call) {
        unsaid.remove(call);
    }

    void said(List<KeyOutcome> outcomes) {
        outcomes.forEach(outcome -> unsaid.remove(outcome.callId()));
    }

    void died(SimulatedGateway gateway) {
        List<UUID> lost =
                unsaid.entrySet().stream()
                        .filter(entry -> entry.getValue().gateway == gateway)
                        .map(Map.Entry::getKey)
                        .toList();
        lost.forEach(call -> unsaid.remove(call).key.isForsaken = true);
    }

    /** A registry gave a key to a call, which may not be over by then. */
    void given(UUID call) {
        Try taker = tries.get(call);
        if (taker == null) {
            return;
        }
        boolean mayHave = unsaid.containsKey(call) && !taker.isHeard;
        Truth.require(
                mayHave || taker.key.isForsaken,
                "key " + taker.key.name + " was given to call " + call + ", which is over");
    }

    /** A node begins to compute. */
    void computed(UUID call) {
        Try tried = tries.get(call);
        if (tried != null) {
            tried.isComputed = true;
            requireOnce(tried);
        }
    }

    void booked(UUID call, boolean reached) {
        Try tried = tries.get(call);
        if (tried != null) {
            tried.isPaid = reached;
            requireOnce(tried);
        }
    }

    private void requireOnce(Try tried) {
        long executions = tried.key.tries.stream().map(tries::get).filter(Try::isExecution).count();
        Truth.require(
                executions <= 1, executions + " calls are executed of the key " + tried.key.name);
    }

    void answered(UUID call, int status, byte[] body) {
        Try tried = tries.get(call);
        tried.status = status;
        tried.answer = body;
    }

    /** A client is told what another call was answered. */
    void replayed(ClaimKey claim, ClaimReply reply) {
        replays++;
        Try paid = tries.get(reply.callId());
        Truth.require(
                paid != null && paid.isExecution(),
                "the answer of call " + reply.callId() + " is said again, which paid nothing");
        Truth.require(
                paid.claim.key().equals(claim.key())
                        && paid.claim.fingerprint().equals(claim.fingerprint()),
                "the answer of call " + reply.callId() + " is said to another request");
        KeptReply kept = reply.reply();
        Truth.require(
                paid.status == kept.status() && Arrays.equals(paid.answer, kept.body()),
                "another answer than that of call " + reply.callId() + " is said again");
    }

    /** When nobody calls any more: what each key's next call would be told. */
    void check() {
        keys.values().forEach(this::check);
    }

    private void check(Named key) {
        Collection<UUID> posted =
                key.tries.stream()
                        .filter(call ->
                                world.database()
                                        .usage
                                        .find(call)
                                        .filter(row -> row.record().consumption().reached())
                                        .isPresent())
                        .toList();
        Truth.require(posted.size() <= 1, posted + " are paid by the one key " + key.name);
        List<UUID> executed =
                key.tries.stream().filter(call -> tries.get(call).isExecution()).toList();
        UUID like = executed.isEmpty() ? key.tries.getFirst() : executed.getFirst();
        ClaimKey claim = tries.get(like).claim;
        ClaimReply next = world.registries().getFirst().probe(claim);
        KeyStanding standing = next.standing();
        Truth.require(standing != KeyStanding.IN_FLIGHT, "key " + key.name + " is in flight");
        Truth.require(
                executed.isEmpty() || standing != KeyStanding.NEW,
                "key " + key.name + " would be executed again");
        if (!key.isForsaken) {
            KeyStanding due = executed.isEmpty() ? KeyStanding.NEW : KeyStanding.ANSWERED;
            Truth.require(standing == due, "key " + key.name + " is " + standing + ", not " + due);
        }
        if (standing == KeyStanding.ANSWERED) {
            replayed(claim, next);
        }
    }
}
