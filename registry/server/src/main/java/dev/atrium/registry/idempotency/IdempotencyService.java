package dev.atrium.registry.idempotency;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyStanding;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.node.GatewayLives;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives each key to one call, and tells the others what became of that one. */
@Service
class IdempotencyService {
    private final TransactionTemplate claims;
    private final TransactionTemplate transactions;
    private final KeyStore store;
    private final KeyVault vault;
    private final KeptReplies kept;
    private final GatewayLives lives;
    private final MeterRegistry meters;
    private final IdempotencyProperties properties;

    IdempotencyService(
            PlatformTransactionManager manager,
            TransactionTemplate transactions,
            KeyStore store,
            KeyVault vault,
            KeptReplies kept,
            GatewayLives lives,
            MeterRegistry meters,
            IdempotencyProperties properties) {
        this.claims = new TransactionTemplate(manager);
        this.claims.setTimeout(Math.toIntExact(Math.max(1, properties.claimTime().toSeconds())));
        this.transactions = transactions;
        this.store = store;
        this.vault = vault;
        this.kept = kept;
        this.lives = lives;
        this.meters = meters;
        this.properties = properties;
    }

    ClaimReply claim(UUID gateway, ClaimKey wish) {
        KeyStore.Claim claim = claimOf(gateway, wish);
        Optional<KnownKey> other =
                TenantScope.call(
                        wish.tenantId(),
                        () -> Objects.requireNonNull(claims.execute(status -> claimOrFind(claim))));
        ClaimReply reply =
                other.map(known -> judge(wish, claim, known))
                        .orElseGet(() -> ClaimReply.of(KeyStanding.NEW, wish.callId()));
        meters.counter("atrium.idempotency.claims", "standing", reply.standing().name())
                .increment();
        return reply;
    }

    private KeyStore.Claim claimOf(UUID gateway, ClaimKey wish) {
        Duration longest = Duration.ofMillis(wish.longestMillis());
        return new KeyStore.Claim(
                vault.keyMac(wish.tenantId(), wish.key()),
                vault.fingerprintMac(wish.tenantId(), wish.fingerprint()),
                wish.callId(),
                gateway,
                wish.incarnation(),
                longest.compareTo(properties.keep()) < 0 ? longest : properties.keep(),
                properties.keep(),
                wish.turn());
    }

    /** Empty when the claim succeeded. Between the two statements the key may have been removed. */
    private Optional<KnownKey> claimOrFind(KeyStore.Claim claim) {
        while (!store.claim(claim)) {
            Optional<KnownKey> known = store.find(claim.key());
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    private ClaimReply judge(ClaimKey wish, KeyStore.Claim claim, KnownKey known) {
        boolean isOwn = known.callId().equals(wish.callId());
        if (isOwn) {
            // The same claim once more, unless the gateway has given it up since.
            return known.state() == KnownKey.State.CLAIMED
                    ? ClaimReply.of(KeyStanding.NEW, wish.callId())
                    : ClaimReply.of(KeyStanding.UNKNOWN, wish.callId());
        }
        if (known.isFree()) {
            return ClaimReply.free(known.callId(), known.turn());
        }
        if (!MessageDigest.isEqual(known.fingerprintMac(), claim.fingerprint())) {
            return ClaimReply.of(KeyStanding.MISMATCH, known.callId());
        }
        return switch (known.state()) {
            case CLAIMED -> ClaimReply.of(standingOfClaimed(known), known.callId());
            case ANSWERED -> answered(wish.tenantId(), known);
            case UNKNOWN -> ClaimReply.of(KeyStanding.UNKNOWN, known.callId());
            case RELEASED -> throw new IllegalStateException("a released key is free");
        };
    }

    private KeyStanding standingOfClaimed(KnownKey known) {
        boolean isExecuted =
                !known.isOverdue()
                        && lives.isAlive(
                                known.gatewayId(), Objects.requireNonNull(known.incarnation()));
        return isExecuted ? KeyStanding.IN_FLIGHT : KeyStanding.UNKNOWN;
    }

    private ClaimReply answered(TenantId tenant, KnownKey known) {
        byte[] sealed = known.reply();
        if (sealed == null) {
            return ClaimReply.of(KeyStanding.NOT_KEPT, known.callId());
        }
        KeptReply reply =
                new KeptReply(
                        known.status(),
                        Objects.requireNonNull(known.contentType()),
                        vault.open(tenant, known.callId(), sealed));
        return ClaimReply.answered(known.callId(), reply);
    }

    /**
     * One by one: a tenant's trouble is not another one's.
     *
     * @return how many ended their key
     */
    int end(UUID gateway, List<KeyOutcome> outcomes) {
        int counted = 0;
        for (KeyOutcome outcome : outcomes) {
            boolean counts =
                    TenantScope.call(
                            outcome.tenantId(),
                            () ->
                                    Objects.requireNonNull(
                                            transactions.execute(status -> end(gateway, outcome))));
            counted += counts ? 1 : 0;
        }
        return counted;
    }

    private Boolean end(UUID gateway, KeyOutcome outcome) {
        byte[] key = vault.keyMac(outcome.tenantId(), outcome.key());
        return switch (outcome.kind()) {
            case RELEASED -> store.release(key, outcome.callId(), gateway);
            case UNKNOWN ->
                    store.end(key, outcome.callId(), KnownKey.State.UNKNOWN, null, null, null);
            case ANSWERED -> keep(key, outcome);
        };
    }

    private boolean keep(byte[] key, KeyOutcome outcome) {
        KeptReply reply = outcome.reply();
        if (reply == null || !kept.takes(outcome.tenantId(), reply.body().length)) {
            return store.end(key, outcome.callId(), KnownKey.State.ANSWERED, null, null, null);
        }
        return store.end(
                key,
                outcome.callId(),
                KnownKey.State.ANSWERED,
                reply.status(),
                reply.contentType(),
                vault.seal(outcome.tenantId(), outcome.callId(), reply.body()));
    }
}
