package dev.atrium.registry.artifact.warmup;

import dev.atrium.registry.api.catalog.WarmUpFile;
import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A look at {@link WarmUpFile}: whether it is a short list; what is in it the node tries. */
public final class WarmUpCalls {
    private static final int MAX_DEPTH = 64;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxDocumentLength(WarmUpFile.MAX_BYTES)
                                    .build())
                    .build();

    private WarmUpCalls() {}

    /** Reads the file to its end without keeping it. */
    public static void inspect(Path file, Deadline deadline) {
        try {
            if (Files.size(file) > WarmUpFile.MAX_BYTES) {
                throw refusal("is longer than " + (WarmUpFile.MAX_BYTES >> 20) + " MiB");
            }
            try (InputStream content = Files.newInputStream(file);
                    JsonParser json = JSON.createParser(content)) {
                requireCalls(json, deadline);
            }
        } catch (JacksonException e) {
            throw refusal("is not valid JSON, or nested deeper than " + MAX_DEPTH);
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be read", e);
        }
    }

    private static void requireCalls(JsonParser json, Deadline deadline) {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            throw refusal("is no JSON array of calls");
        }
        int calls = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw refusal("must hold objects");
            }
            json.skipChildren();
            deadline.check();
            calls++;
        }
        if (calls == 0 || calls > WarmUpFile.MAX_CALLS) {
            throw refusal("holds " + calls + " calls but must hold 1 to " + WarmUpFile.MAX_CALLS);
        }
        if (json.nextToken() != null) {
            throw refusal("goes on behind its JSON");
        }
    }

    private static ArtifactRejectedException refusal(String why) {
        return new ArtifactRejectedException(WarmUpFile.NAME + " " + why);
    }
}
