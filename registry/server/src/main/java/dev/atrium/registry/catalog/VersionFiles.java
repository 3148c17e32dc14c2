package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.artifact.ArtifactStore;
import dev.atrium.registry.artifact.StoredFile;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.quota.StorageExceededException;
import dev.atrium.registry.quota.StorageQuota;
import dev.atrium.registry.quota.StorageRoom;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The files of versions that are being uploaded, and the bytes behind them. Bytes belong to every
 * version that names their digest; a lock per digest keeps one upload from losing the bytes that
 * another's removal takes.
 */
@Service
public class VersionFiles {
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int MAX_FILES = 16;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final VersionLookup versions;
    private final ArtifactStore store;
    private final StorageQuota storage;

    VersionFiles(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            VersionLookup versions,
            ArtifactStore store,
            StorageQuota storage) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.versions = versions;
        this.store = store;
        this.storage = storage;
    }

    /**
     * What an upload says about itself.
     *
     * @param bytes announced length; negative when unknown
     * @param sha256 announced digest, lower-case hexadecimal
     */
    public record Announced(long bytes, @Nullable String sha256) {}

    /** Takes one file from its stream; no transaction is open while it arrives. */
    public ModelFile put(
            TenantId owner,
            String tenant,
            String name,
            int number,
            String path,
            Announced announced,
            InputStream content) {
        requirePath(path);
        VersionRow version =
                Objects.requireNonNull(
                        transactions.execute(status -> uploading(owner, tenant, name, number)));
        try (StorageRoom room = storage.room(owner, version.id().value(), announced.bytes())) {
            StoredFile stored =
                    store.receive(
                            owner, room.within(content), announced.bytes(), announced.sha256());
            ModelFile file = new ModelFile(path, stored.bytes(), stored.sha256());
            name(owner, tenant, name, number, file, room);
            return file;
        }
    }

    private void name(
            TenantId owner,
            String tenant,
            String name,
            int number,
            ModelFile file,
            StorageRoom room) {
        try {
            transactions.executeWithoutResult(status -> {
                add(owner, tenant, name, number, file);
                room.use();
            });
        } catch (StorageExceededException loweredMeanwhile) {
            removeUnnamed(owner, List.of(file.sha256()));
            throw loweredMeanwhile;
        }
    }

    static void requirePath(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new InvalidRequestException(
                    "a file is called by a flat name such as model.onnx, of letters, digits,"
                            + " dot, dash and underscore");
        }
    }

    private VersionRow uploading(TenantId owner, String tenant, String name, int number) {
        VersionRow version = versions.own(owner, tenant, name, number);
        if (version.state() != VersionState.UPLOADING) {
            throw new CatalogConflictException(
                    "version " + number + " takes no files any more: it is " + version.state());
        }
        return version;
    }

    private void add(TenantId owner, String tenant, String name, int number, ModelFile file) {
        VersionRow version = versions.own(owner, tenant, name, number);
        jdbc.sql("SELECT FROM model_version WHERE tenant_id = ? AND id = ? FOR UPDATE")
                .params(owner.value(), version.id().value())
                .query((row, index) -> version)
                .single();
        VersionRow locked = uploading(owner, tenant, name, number);
        boolean replaces = locked.files().stream().anyMatch(f -> f.path().equals(file.path()));
        if (!replaces && locked.files().size() >= MAX_FILES) {
            throw new CatalogConflictException("a version has at most " + MAX_FILES + " files");
        }
        lock(owner, file.sha256());
        if (store.find(owner, file.sha256()).isEmpty()) {
            throw new CatalogConflictException(
                    "the same bytes were removed while they arrived; send the file again");
        }
        jdbc.sql(
                        """
                        INSERT INTO model_file (tenant_id, version_id, path, bytes, sha256)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (version_id, path) DO UPDATE
                            SET bytes = excluded.bytes, sha256 = excluded.sha256
                        """)
                .params(
                        owner.value(),
                        locked.id().value(),
                        file.path(),
                        file.bytes(),
                        file.sha256())
                .update();
    }

    private void lock(TenantId owner, String sha256) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 4711))")
                .param(owner + "/" + sha256)
                .query()
                .singleRow();
    }

    /** Removes the bytes of digests that no version names any more; call it after the commit. */
    void removeUnnamed(TenantId owner, List<String> digests) {
        for (String sha256 : digests.stream().sorted().distinct().toList()) {
            TenantScope.run(
                    owner,
                    () ->
                            transactions.executeWithoutResult(
                                    status -> removeUnnamed(owner, sha256)));
        }
        if (!digests.isEmpty()) {
            storage.changed(owner);
        }
    }

    private void removeUnnamed(TenantId owner, String sha256) {
        lock(owner, sha256);
        boolean named =
                jdbc.sql(
                                """
                                SELECT EXISTS (SELECT FROM model_file
                                               WHERE tenant_id = ? AND sha256 = ?)
                                """)
                        .params(owner.value(), sha256)
                        .query(Boolean.class)
                        .single();
        if (!named) {
            store.remove(owner, sha256);
        }
    }
}
