package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps what a tenant or project stores within its policies of stored bytes, exactly: room is taken
 * before the bytes come, under a lock per tenant, and what is used is added up from the files that
 * are there, so nothing has to be given back when one goes.
 */
@Service
public class StorageQuota {
    private final StorageStore store;
    private final StorageStandings standings;
    private final TransactionTemplate transactions;

    StorageQuota(StorageStore store, StorageStandings standings, TransactionTemplate transactions) {
        this.store = store;
        this.standings = standings;
        this.transactions = transactions;
    }

    /**
     * Room for a file of a version, in the scope of its tenant.
     *
     * @param announced how many bytes will come; negative when unknown
     * @throws StorageExceededException when it does not fit
     */
    public StorageRoom room(TenantId tenant, UUID version, long announced) {
        UUID project = transactions.execute(status -> store.projectOf(tenant, version));
        StorageRoom room = new StorageRoom(this, tenant, project);
        try {
            room.require(Math.max(0, announced));
            return room;
        } catch (StorageExceededException refused) {
            room.close();
            throw refused;
        }
    }

    /** After files have gone, or come. */
    public void changed(TenantId tenant) {
        standings.changed(tenant, List.of());
    }

    /**
     * @param bytes in all
     * @param needed of them, now; a dry run counts by these
     */
    void reserve(StorageRoom room, long bytes, long needed) {
        try {
            List<PolicyId> wouldRefuse =
                    transactions.execute(status -> {
                        store.lock(room.tenant());
                        store.releaseExpired(room.tenant());
                        List<PolicyId> dry = fitting(room, bytes, needed);
                        store.reserve(room.tenant(), room.project(), room.id(), bytes);
                        return dry;
                    });
            room.countDryRun(wouldRefuse);
        } catch (StorageExceededException refused) {
            room.refused(refused.policy());
            throw refused;
        }
    }

    /**
     * In the transaction that has just named the file: it counts from now on in place of the
     * reservation.
     */
    void use(StorageRoom room) {
        store.lock(room.tenant());
        store.release(room.tenant(), room.id());
        fitting(room, 0, 0);
    }

    void close(StorageRoom room) {
        transactions.executeWithoutResult(status -> store.release(room.tenant(), room.id()));
        standings.changed(room.tenant(), room.refusals());
    }

    /**
     * @return policies in a dry run that would have refused
     */
    private List<PolicyId> fitting(StorageRoom room, long bytes, long needed) {
        List<PolicyId> dry = new ArrayList<>();
        for (StorageStore.Limit limit : store.limits(room.tenant(), room.project(), room.id())) {
            boolean hard = limit.mode() == Mode.HARD;
            if (hard && !limit.lets(bytes)) {
                throw new StorageExceededException(limit, needed);
            }
            if (!hard && !limit.lets(needed)) {
                dry.add(limit.policy());
            }
        }
        return dry;
    }
}
