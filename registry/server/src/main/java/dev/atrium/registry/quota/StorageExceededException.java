package dev.atrium.registry.quota;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.error.RegistryException;

/** A file does not fit into what its tenant or project may keep; nothing of it was kept. */
public final class StorageExceededException extends RegistryException {
    private final transient PolicyId policy;

    StorageExceededException(StorageStore.Limit limit, long bytes) {
        super(
                ErrorCode.STORAGE_QUOTA_EXCEEDED,
                "the limit '%s' allows %d stored bytes; %d are used, %d reserved by uploads that run, and this file needs at least %d more; nothing of it was kept"
                        .formatted(
                                limit.name(),
                                limit.amount(),
                                limit.used(),
                                limit.reserved(),
                                bytes));
        this.policy = limit.policy();
    }

    PolicyId policy() {
        return policy;
    }
}
