package dev.atrium.gateway.health;

import dev.atrium.gateway.authentication.Authenticator;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.registry.Membership;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.stereotype.Component;

/**
 * Ready means: joined, feed loaded and not too old, signing keys known, journal open, and not about
 * to stop.
 */
@Component
public class GatewayReadiness {
    private final Membership membership;
    private final Feed feed;
    private final Authenticator authenticator;
    private final Journal journal;
    private final ApplicationAvailability availability;

    GatewayReadiness(
            Membership membership,
            Feed feed,
            Authenticator authenticator,
            Journal journal,
            ApplicationAvailability availability) {
        this.membership = membership;
        this.feed = feed;
        this.authenticator = authenticator;
        this.journal = journal;
        this.availability = availability;
    }

    public boolean isReady() {
        return membership.isJoined()
                && feed.isUsable()
                && authenticator.knowsSigningKeys()
                && journal.isOpen()
                && availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }

    boolean isJoined() {
        return membership.isJoined();
    }

    boolean isFeedUsable() {
        return feed.isUsable();
    }

    boolean areSigningKeysKnown() {
        return authenticator.knowsSigningKeys();
    }

    boolean isJournalOpen() {
        return journal.isOpen();
    }
}
