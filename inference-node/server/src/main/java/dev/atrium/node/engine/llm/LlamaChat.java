package dev.atrium.node.engine.llm;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.ChatPiece;
import dev.atrium.node.engine.ChatUsage;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.registry.api.catalog.Signature;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One GGUF model with some parallel slots. */
final class LlamaChat implements LoadedModel {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LlamaModel model;
    private final TokenCount tokens;
    private final int context;
    private final @Nullable Integer maxInputTokens;

    /**
     * @param context tokens that prompt and answer of one conversation share
     */
    LlamaChat(LlamaModel model, GgufHeader header, ModelSource source, int context) {
        this.model = model;
        this.tokens = new TokenCount(model::encode, model::decode, header.addsBeginOfText());
        this.context = context;
        this.maxInputTokens = source.settings().maxInputTokens();
    }

    @Override
    public Signature signature() {
        return Signature.UNKNOWN;
    }

    @Override
    public ChatUsage chat(
            ChatRequest request, Cancellation cancellation, Consumer<ChatPiece> pieces) {
        ChatLimits.require(request);
        cancellation.throwIfCancelled();
        try {
            String prompt = model.applyTemplate(JSON.writeValueAsString(template(request)));
            int inputTokens = tokens.ofPrompt(prompt);
            int limit = limit(request, inputTokens);
            Generation generation = new Generation(request.stop(), inputTokens, limit, pieces);
            generate(parameters(request, prompt, limit), cancellation, generation);
            return generation.usage();
        } catch (EngineException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw EngineException.failed("llama.cpp could not generate", e);
        }
    }

    private static Map<String, ?> template(ChatRequest request) {
        return Map.of("messages", request.messages());
    }

    /** Tokens that may be generated. */
    private int limit(ChatRequest request, int inputTokens) {
        int most = maxInputTokens == null ? context : Math.min(maxInputTokens, context);
        Integer asked = request.maxTokens();
        int room = context - inputTokens;
        if (inputTokens > most || room < 1 || (asked != null && asked > room)) {
            throw EngineException.contextLengthExceeded(
                    "the model takes "
                            + context
                            + " tokens for prompt and answer; the prompt has "
                            + inputTokens
                            + (asked == null ? "" : " and " + asked + " are asked for"));
        }
        return asked == null ? room : asked;
    }

    private static InferenceParameters parameters(ChatRequest request, String prompt, int limit) {
        // A prefix kept from another caller would answer faster, and so tell that it was asked.
        InferenceParameters parameters =
                new InferenceParameters(prompt).setNPredict(limit).setCachePrompt(false);
        if (request.temperature() != null) {
            parameters.setTemperature(request.temperature());
        }
        if (request.topP() != null) {
            parameters.setTopP(request.topP());
        }
        if (request.seed() != null) {
            parameters.setSeed(request.seed());
        }
        return parameters;
    }

    private void generate(
            InferenceParameters parameters, Cancellation cancellation, Generation generation) {
        LlamaIterator outputs = model.generate(parameters).iterator();
        try {
            while (outputs.hasNext() && !generation.isStopped()) {
                LlamaOutput output = outputs.next();
                cancellation.throwIfCancelled();
                if (outputs.hasNext()) {
                    generation.add(output.text, tokens.ofPiece(output.text));
                }
            }
        } finally {
            // Only this thread may cancel: another one would leave it waiting for ever.
            if (outputs.hasNext()) {
                outputs.cancel();
            }
        }
        generation.finish();
    }

    @Override
    public void close() {
        model.close();
    }
}
