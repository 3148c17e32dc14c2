package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantCodec;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.registry.RegistryClient;
import dev.atrium.node.usage.AttemptKey;
import dev.atrium.node.usage.UsageJournal;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.usage.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Says whether a grant allows a call here and now.
 *
 * <p>All refusals sound the same, so that nobody learns which part of a forgery was wrong.
 */
@Component
class Grants {
    private final GrantKeys keys;
    private final Supplier<@Nullable UUID> nodeId;
    private final InferenceProperties properties;
    private final Clock clock;
    private final UsedGrants used;

    @Autowired
    Grants(
            GrantKeys keys,
            RegistryClient registry,
            UsageJournal journal,
            InferenceProperties properties) {
        this(
                keys,
                () -> registry.nodeId().map(NodeId::value).orElse(null),
                properties,
                Clock.systemUTC());
        Instant forgetAt = clock.instant().plus(longestMemory());
        for (AttemptKey key : journal.attemptsBeforeStart()) {
            used.use(key, clock.instant(), forgetAt);
        }
    }

    Grants(
            GrantKeys keys,
            Supplier<@Nullable UUID> nodeId,
            InferenceProperties properties,
            Clock clock) {
        this.keys = keys;
        this.nodeId = nodeId;
        this.properties = properties;
        this.clock = clock;
        this.used = new UsedGrants(properties.maxRememberedGrants());
    }

    /**
     * The grant of a call that may be made, unless it was used before.
     *
     * @throws EngineException {@code invalid_grant}
     */
    Grant verify(@Nullable String header, UUID versionId, Predicate<Operation> allowed) {
        Grant grant = verify(header);
        if (!grant.versionId().equals(versionId) || !isFor(grant, allowed)) {
            throw refusal();
        }
        return grant;
    }

    /** An operation that is not known here is that of a later version: nothing here computes it. */
    private static boolean isFor(Grant grant, Predicate<Operation> allowed) {
        for (Operation operation : Operation.values()) {
            if (operation.name().equals(grant.operation())) {
                return allowed.test(operation);
            }
        }
        return false;
    }

    /**
     * A grant for this node that is valid now, whatever it is for.
     *
     * @throws EngineException {@code invalid_grant}
     */
    Grant verify(@Nullable String header) {
        Instant now = clock.instant();
        Grant grant =
                header == null
                        ? null
                        : GrantCodec.verify(header, id -> keys.find(id, now)).orElse(null);
        if (grant == null || !grant.nodeId().equals(nodeId.get()) || !isTimely(grant, now)) {
            throw refusal();
        }
        return grant;
    }

    /**
     * Uses the grant's attempt up.
     *
     * @throws EngineException {@code invalid_grant} when it was used before, {@code not_ready} when
     *     no more can be remembered
     */
    void use(Grant grant) {
        switch (tryUse(grant)) {
            case FIRST -> {}
            case REPEATED -> throw refusal();
            case FULL ->
                    throw new EngineException(
                            NodeError.NOT_READY, "this node takes no more calls now", null);
        }
    }

    UsedGrants.Use tryUse(Grant grant) {
        Instant forgetAt = grant.expiresAt().plus(properties.clockSkew());
        return used.use(AttemptKey.of(grant), clock.instant(), forgetAt);
    }

    private Duration longestMemory() {
        return properties.maxGrantLife().plus(properties.clockSkew().multipliedBy(2));
    }

    private boolean isTimely(Grant grant, Instant now) {
        Duration skew = properties.clockSkew();
        Duration life = Duration.between(grant.issuedAt(), grant.expiresAt());
        return !now.isBefore(grant.issuedAt().minus(skew))
                && !now.isAfter(grant.expiresAt().plus(skew))
                && !life.isNegative()
                && life.compareTo(properties.maxGrantLife()) <= 0;
    }

    static EngineException refusal() {
        return new EngineException(
                NodeError.INVALID_GRANT, "this call carries no grant that is valid here", null);
    }
}
