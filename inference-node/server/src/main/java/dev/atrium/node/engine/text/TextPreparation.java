package dev.atrium.node.engine.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.predict.Preparation;
import dev.atrium.registry.api.catalog.Signature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Makes token tensors of one text. */
public final class TextPreparation implements Preparation {
    private static final String PARAM = "text";
    private static final int MOST_BYTES = 4 << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final EmbeddingInputs inputs;

    private TextPreparation(HuggingFaceTokenizer tokenizer, EmbeddingInputs inputs) {
        this.tokenizer = tokenizer;
        this.inputs = inputs;
    }

    public static TextPreparation of(Signature signature, ModelSource source) {
        TokenizerFiles files = new TokenizerFiles(source);
        EmbeddingInputs inputs = EmbeddingInputs.of(signature, files.paddingId());
        return new TextPreparation(files.open(inputs.maxTokens(files.maxTokens())), inputs);
    }

    @Override
    public Prepared prepare(NaturalInput input, Cancellation cancellation) {
        String text = text(input.content());
        if (text.isBlank()) {
            throw EngineException.invalidPart(PARAM, "is empty");
        }
        Encoding encoding = tokenizer.encode(text);
        int length = (int) Arrays.stream(encoding.getAttentionMask()).sum();
        TokenBatch batch =
                new TokenBatch(
                        List.of(0),
                        List.of(Arrays.copyOf(encoding.getIds(), length)),
                        List.of(Arrays.copyOf(encoding.getTypeIds(), length)),
                        length);
        return new Prepared(inputs.tensors(batch), 1, length, null);
    }

    private static String text(ByteBuffer content) {
        if (content.remaining() > MOST_BYTES) {
            throw EngineException.tooLarge(PARAM, "is longer than " + MOST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(content.slice()).toString();
        } catch (CharacterCodingException e) {
            throw EngineException.invalidPart(PARAM, "is not UTF-8");
        }
    }

    @Override
    public NaturalInput sample() {
        return new NaturalInput(
                "text/plain", StandardCharsets.UTF_8.encode("Atrium warms this model up."));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
