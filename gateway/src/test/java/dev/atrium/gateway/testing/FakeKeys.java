package dev.atrium.gateway.testing;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyOutcomesReply;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The registry's side of idempotency keys in memory; every life of a gateway lives until told. */
public final class FakeKeys {
    private final Map<Name, Key> keys = new HashMap<>();
    private final Set<UUID> dead = new HashSet<>();
    private final List<ClaimKey> claims = new ArrayList<>();
    private final List<KeyOutcome> outcomes = new ArrayList<>();
    private volatile boolean mute;

    private record Name(TenantId tenant, String key) {}

    private record Key(
            UUID call,
            @Nullable String fingerprint,
            @Nullable UUID incarnation,
            State state,
            @Nullable KeptReply reply,
            UUID turn) {
        Key ended(State end, @Nullable KeptReply said) {
            return new Key(call, fingerprint, incarnation, end, said, UUID.randomUUID());
        }
    }

    private enum State {
        CLAIMED,
        ANSWERED,
        UNKNOWN,
        RELEASED
    }

    // ---- how it behaves

    /** Takes claims down but answers none, as a registry does that is too slow. */
    public void mute(boolean isMute) {
        mute = isMute;
    }

    /** As if all gateways that had claimed something so far were dead. */
    public synchronized void bury() {
        claims.forEach(claim -> dead.add(claim.incarnation()));
    }

    public synchronized void raise() {
        dead.clear();
    }

    // ---- what came in

    public synchronized List<ClaimKey> claims() {
        return List.copyOf(claims);
    }

    public synchronized List<KeyOutcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** How often keys of this tenant ended like this. */
    public synchronized long outcomes(TenantId tenant, KeyOutcome.Kind kind) {
        return outcomes.stream()
                .filter(each -> each.tenantId().equals(tenant) && each.kind() == kind)
                .count();
    }

    // ---- the API

    boolean isMute() {
        return mute;
    }

    synchronized ClaimReply claim(ClaimKey claim) {
        claims.add(claim);
        Name name = new Name(claim.tenantId(), claim.key());
        Key known = keys.get(name);
        boolean isOwn = known != null && known.call().equals(claim.callId());
        boolean isFree = known != null && known.state() == State.RELEASED && !isOwn;
        if (isFree && !known.turn().equals(claim.turn())) {
            return ClaimReply.free(known.call(), known.turn());
        }
        if (known == null || isFree) {
            keys.put(
                    name,
                    new Key(
                            claim.callId(),
                            claim.fingerprint(),
                            claim.incarnation(),
                            State.CLAIMED,
                            null,
                            UUID.randomUUID()));
            return ClaimReply.of(KeyStanding.NEW, claim.callId());
        }
        if (isOwn) {
            return ClaimReply.of(
                    known.state() == State.CLAIMED ? KeyStanding.NEW : KeyStanding.UNKNOWN,
                    known.call());
        }
        if (!claim.fingerprint().equals(known.fingerprint())) {
            return ClaimReply.of(KeyStanding.MISMATCH, known.call());
        }
        return new ClaimReply(standing(known), known.call(), known.reply(), null);
    }

    private KeyStanding standing(Key known) {
        return switch (known.state()) {
            case CLAIMED ->
                    dead.contains(known.incarnation())
                            ? KeyStanding.UNKNOWN
                            : KeyStanding.IN_FLIGHT;
            case ANSWERED -> known.reply() == null ? KeyStanding.NOT_KEPT : KeyStanding.ANSWERED;
            case UNKNOWN -> KeyStanding.UNKNOWN;
            case RELEASED -> throw new IllegalStateException("taken over before");
        };
    }

    synchronized KeyOutcomesReply end(KeyOutcomes batch) {
        int counted = 0;
        for (KeyOutcome outcome : batch.outcomes()) {
            outcomes.add(outcome);
            counted += end(outcome) ? 1 : 0;
        }
        return new KeyOutcomesReply(counted);
    }

    private boolean end(KeyOutcome outcome) {
        Name name = new Name(outcome.tenantId(), outcome.key());
        Key known = keys.get(name);
        if (known == null && outcome.kind() == KeyOutcome.Kind.RELEASED) {
            keys.put(
                    name,
                    new Key(outcome.callId(), null, null, State.RELEASED, null, UUID.randomUUID()));
            return true;
        }
        if (known == null || !known.call().equals(outcome.callId()) || isOver(known, outcome)) {
            return false;
        }
        keys.put(name, known.ended(State.valueOf(outcome.kind().name()), outcome.reply()));
        return true;
    }

    private static boolean isOver(Key known, KeyOutcome outcome) {
        return known.state() != State.CLAIMED
                && (outcome.kind() == KeyOutcome.Kind.RELEASED || known.state() != State.UNKNOWN);
    }
}
