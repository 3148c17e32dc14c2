package dev.atrium.portal.upload;

import dev.atrium.portal.registry.RegistryException;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.error.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One version on its way to the registry: opened, its files passed through as they arrive, and
 * completed once the last one is stored. Files may arrive at the same time on several threads.
 */
final class Transfer {
    private final RegistryModels models;
    private final ModelName name;
    private final int version;
    private final AtomicInteger missing;
    private final boolean deploy;
    private volatile boolean cancelled;

    private Transfer(
            RegistryModels models, ModelName name, int version, int files, boolean deploy) {
        this.models = models;
        this.name = name;
        this.version = version;
        this.missing = new AtomicInteger(files);
        this.deploy = deploy;
    }

    /** Makes the model when it is new, and a version that waits for its files. */
    static Transfer begin(RegistryModels models, UploadTarget target, int files, boolean deploy) {
        String description =
                switch (target) {
                    case UploadTarget.NewModel model -> {
                        models.create(
                                new CreateModel(
                                        model.name().name(),
                                        model.task(),
                                        null,
                                        null,
                                        model.description()));
                        yield null;
                    }
                    case UploadTarget.NextVersion next -> next.description();
                };
        ModelVersion opened =
                models.createVersion(
                        target.name(), new CreateVersion(description, target.settings()));
        return new Transfer(models, target.name(), opened.number(), files, deploy);
    }

    /** Passes one file on; true when it was the last one that was missing. */
    boolean pass(String file, InputStream content, long length) {
        models.putFile(name, version, file, new Cancellable(content), length);
        return missing.decrementAndGet() == 0;
    }

    /** Has the registry look into the files. */
    Inspection complete() {
        try {
            return new Inspection.Accepted(
                    models.complete(name, version, new CompleteVersion(deploy)));
        } catch (RegistryException e) {
            if (e.is(ErrorCode.ARTIFACT_REJECTED) || e.is(ErrorCode.UNSUPPORTED_FORMAT)) {
                return new Inspection.Rejected(String.valueOf(e.detail()), e.requestId());
            }
            throw e;
        }
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    ModelName model() {
        return name;
    }

    /** Fails at the next read after a cancel, which cuts the request to the registry. */
    private final class Cancellable extends FilterInputStream {
        Cancellable(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            check();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            check();
            return super.read(buffer, offset, length);
        }

        private void check() throws IOException {
            if (cancelled) {
                throw new IOException("the user cancelled the upload");
            }
        }
    }
}
