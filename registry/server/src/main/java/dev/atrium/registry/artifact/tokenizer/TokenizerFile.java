package dev.atrium.registry.artifact.tokenizer;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A file that may lie beside a model. */
public final class TokenizerFile {
    /** The one that makes a model a text model. */
    public static final String TOKENIZER = "tokenizer.json";

    private static final Set<String> JSON_FILES =
            Set.of(
                    TOKENIZER,
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "config.json",
                    "modules.json",
                    "sentence_bert_config.json",
                    "config_sentence_transformers.json",
                    "1_Pooling_config.json");
    private static final Set<String> TEXT_FILES = Set.of("vocab.txt", "merges.txt");
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 8 << 20;
    private static final int MAX_LINE = 4_096;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxDocumentLength(MAX_BYTES)
                                    .maxStringLength(MAX_TEXT)
                                    .maxNameLength(MAX_LINE)
                                    .maxNumberLength(100)
                                    .build())
                    .build();

    private TokenizerFile() {}

    public static boolean isAllowed(String name) {
        return JSON_FILES.contains(name) || TEXT_FILES.contains(name);
    }

    /** Reads the file to its end without keeping it. */
    public static void inspect(String name, Path file, Deadline deadline) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ArtifactRejectedException(
                        name + " is longer than " + (MAX_BYTES >> 20) + " MiB");
            }
            try (InputStream content = Files.newInputStream(file)) {
                if (JSON_FILES.contains(name)) {
                    requireJson(name, content, deadline);
                } else {
                    requireText(name, content, deadline);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an artifact cannot be read", e);
        }
    }

    private static void requireJson(String name, InputStream content, Deadline deadline) {
        try (JsonParser parser = JSON.createParser(content)) {
            if (parser.nextToken() != JsonToken.START_OBJECT
                    && parser.currentToken() != JsonToken.START_ARRAY) {
                throw new ArtifactRejectedException(name + " is no JSON object");
            }
            parser.skipChildren();
            deadline.check();
            if (parser.nextToken() != null) {
                throw new ArtifactRejectedException(name + " goes on behind its JSON");
            }
        } catch (JacksonException e) {
            throw new ArtifactRejectedException(
                    name + " is not valid JSON, or nested deeper than " + MAX_DEPTH);
        }
    }

    private static void requireText(String name, InputStream content, Deadline deadline)
            throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        int line = 0;
        byte[] bytes = content.readAllBytes();
        deadline.check();
        try {
            CharBuffer text = decoder.decode(ByteBuffer.wrap(bytes));
            while (text.hasRemaining()) {
                line = text.get() == '\n' ? 0 : line + 1;
                if (line > MAX_LINE) {
                    throw new ArtifactRejectedException(
                            name + " has a line longer than " + MAX_LINE + " characters");
                }
            }
        } catch (CharacterCodingException e) {
            throw new ArtifactRejectedException(name + " is not UTF-8 text");
        }
    }
}
