package dev.atrium.node.engine.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The few numbers that we need of a Hugging Face folder's files, read without building trees: a
 * tokenizer file may hold a vocabulary of many megabytes.
 */
final class TokenizerFiles {
    static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String SENTENCE_CONFIG = "sentence_bert_config.json";
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEFAULT_MAX_TOKENS = 512;

    private final ModelSource source;

    TokenizerFiles(ModelSource source) {
        this.source = source;
    }

    /**
     * @param maxTokens where longer texts are cut
     */
    HuggingFaceTokenizer open(int maxTokens) {
        Map<String, String> options =
                Map.of(
                        "truncation",
                        "true",
                        "maxLength",
                        Integer.toString(maxTokens),
                        "modelMaxLength",
                        Integer.toString(maxTokens),
                        "padding",
                        "false");
        Path path = tokenizer();
        try (InputStream file = Files.newInputStream(path)) {
            return HuggingFaceTokenizer.newInstance(file, options);
        } catch (IOException | RuntimeException e) {
            throw EngineException.failed("tokenizer.json cannot be used", e);
        }
    }

    private Path tokenizer() {
        return source.file(TOKENIZER)
                .orElseThrow(() ->
                        EngineException.failed("a text model needs its tokenizer.json", null));
    }

    /**
     * Longest input: what the owner set; else what the files say, the strictest counting; else 512.
     */
    int maxTokens() {
        long most =
                java.util.stream.Stream.of(
                                number(SENTENCE_CONFIG, "max_seq_length"),
                                number(TOKENIZER_CONFIG, "model_max_length"),
                                positions())
                        .flatMapToLong(OptionalLong::stream)
                        .filter(each -> each > 0)
                        .min()
                        .orElse(DEFAULT_MAX_TOKENS);
        Integer set = source.settings().maxInputTokens();
        return (int) Math.min(Integer.MAX_VALUE, set == null ? most : Math.min(set, most));
    }

    /** RoBERTa and its kin count positions from the padding id, so two of them are never used. */
    private OptionalLong positions() {
        OptionalLong positions = number(CONFIG, "max_position_embeddings");
        boolean offset = number(CONFIG, "pad_token_id").orElse(0) == 1;
        return offset && positions.isPresent()
                ? OptionalLong.of(positions.getAsLong() - 2)
                : positions;
    }

    long paddingId() {
        OptionalLong own = number(TOKENIZER, "padding", "pad_id");
        return own.isPresent() ? own.getAsLong() : number(CONFIG, "pad_token_id").orElse(0);
    }

    private OptionalLong number(String file, String... path) {
        Optional<Path> found = source.file(file);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        try (InputStream in = Files.newInputStream(found.get());
                JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
            json.nextToken();
            return number(json, path, 0);
        } catch (IOException | JacksonException e) {
            throw EngineException.failed(file + " cannot be read", e);
        }
    }

    private static OptionalLong number(JsonParser json, String[] path, int depth) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return OptionalLong.empty();
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (!name.equals(path[depth])) {
                json.skipChildren();
            } else if (depth + 1 < path.length) {
                return number(json, path, depth + 1);
            } else {
                return token.isNumeric()
                        ? OptionalLong.of((long) json.getDoubleValue())
                        : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
