package dev.atrium.simulation.database;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.quota.window.CountedPolicy;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** The rows of the tables that leases, ledger and feed live in; never changed, only replaced. */
public final class Row {
    private Row() {}

    public record Policy(CountedPolicy counted, boolean deleted) {
        public boolean isQuota() {
            return counted.window().isQuota();
        }

        public Window window() {
            return counted.window();
        }
    }

    public record QuotaWindow(
            WindowKey key,
            Instant end,
            Long slices,
            long used,
            long reserved,
            long unreconciled,
            long refused) {
        public QuotaWindow endingAt(Instant at) {
            return new QuotaWindow(key, at, slices, used, reserved, unreconciled, refused);
        }

        public QuotaWindow moved(long use, long reserve, long vanish, long refuse) {
            return new QuotaWindow(
                    key,
                    end,
                    slices,
                    used + use,
                    reserved + reserve,
                    unreconciled + vanish,
                    refused + refuse);
        }

        public long taken() {
            return used + reserved + unreconciled;
        }
    }

    public record LeaseKey(WindowKey window, UUID gateway, UUID incarnation)
            implements Comparable<LeaseKey> {
        @Override
        public int compareTo(LeaseKey other) {
            int windows = window.compareTo(other.window);
            int gateways = windows == 0 ? gateway.compareTo(other.gateway) : windows;
            return gateways == 0 ? incarnation.compareTo(other.incarnation) : gateways;
        }
    }

    /**
     * @param state LIVE, EXPIRED or CLOSED
     */
    public record Lease(
            LeaseKey key,
            UUID id,
            String state,
            long amount,
            long returned,
            long settled,
            long refused,
            Instant expiresAt) {
        /** As its id says. */
        public Instant begunAt() {
            return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
        }

        public long outstanding() {
            return amount - returned - settled;
        }

        public boolean is(String wanted) {
            return state.equals(wanted);
        }

        public Lease with(String newState, long newReturned, long newSettled) {
            return new Lease(
                    key, id, newState, amount, newReturned, newSettled, refused, expiresAt);
        }
    }

    public record Life(UUID gateway, UUID incarnation) implements Comparable<Life> {
        @Override
        public int compareTo(Life other) {
            int gateways = gateway.compareTo(other.gateway);
            return gateways == 0 ? incarnation.compareTo(other.incarnation) : gateways;
        }
    }

    /**
     * @param resolution null, SETTLED or VOID
     */
    public record Orphan(UUID gateway, OpenCall call, String resolution) {
        public Orphan resolved(String how) {
            return new Orphan(gateway, call, how);
        }
    }

    public record Attempt(UUID call, int number) implements Comparable<Attempt> {
        @Override
        public int compareTo(Attempt other) {
            int calls = call.compareTo(other.call);
            return calls == 0 ? Integer.compare(number, other.number) : calls;
        }
    }

    /**
     * @param isUnclaimed nobody but the node has told of the call yet
     */
    public record NodeUsage(UUID node, NodeUsageRecord record, boolean isUnclaimed) {
        public NodeUsage claimed() {
            return new NodeUsage(node, record, false);
        }
    }

    /**
     * @param times how often it was posted, which is once
     */
    public record Usage(UUID gateway, UsageRecord record, int times) {}

    /**
     * @param kept calls that keep what they had reserved
     */
    public record GivenUp(WindowKey window, Set<UUID> kept) {}

    public record Node(boolean alive, Instant joinedAt, Instant lastSeenAt, Instant through) {}

    public record Gateway(UUID incarnation, Instant lastSeenAt) {}

    /**
     * @param mac in hex
     */
    public record KeyName(TenantId tenant, String mac) implements Comparable<KeyName> {
        @Override
        public int compareTo(KeyName other) {
            int tenants = tenant.value().compareTo(other.tenant.value());
            return tenants == 0 ? mac.compareTo(other.mac) : tenants;
        }
    }

    /**
     * @param state CLAIMED, ANSWERED, UNKNOWN or RELEASED
     * @param reply sealed
     */
    public record Key(
            String state,
            UUID call,
            byte[] fingerprint,
            UUID gateway,
            UUID incarnation,
            Instant overBy,
            Instant expiresAt,
            int status,
            String contentType,
            byte[] reply,
            UUID turn) {
        public boolean is(String wanted) {
            return state.equals(wanted);
        }

        public Key ended(String how, int answer, String type, byte[] sealed) {
            return new Key(
                    how,
                    call,
                    fingerprint,
                    gateway,
                    incarnation,
                    overBy,
                    expiresAt,
                    answer,
                    type,
                    sealed,
                    turn);
        }
    }

    public record Feed(FeedEntry entry, Instant updatedAt) {}
}
