package dev.atrium.node.engine.llm;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.LogLevel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import java.nio.file.Path;

/** Loads GGUF files. */
public final class LlamaEngine {
    /** Where the owner does not say, a longer context would only cost memory. */
    private static final int DEFAULT_CONTEXT = 4096;

    private LlamaEngine() {}

    public static LoadedModel load(ModelSource source) {
        Path file = source.modelFile(".gguf");
        GgufHeader header = GgufHeader.read(file);
        int context = contextLength(source, header);
        // Its log quotes prompts, and prompts are nobody's business but the caller's.
        LlamaModel.setLogger(LogFormat.TEXT, LlamaEngine::log);
        ModelParameters parameters =
                new ModelParameters()
                        .setModel(file.toString())
                        .setCtxSize(Math.multiplyExact(context, source.parallel()))
                        .setParallel(source.parallel())
                        .enableContBatching()
                        .setThreads(source.threads())
                        .setThreadsBatch(source.threads())
                        .disableContextShift()
                        .setPredict(-1);
        try {
            return new LlamaChat(new LlamaModel(parameters), header, source, context);
        } catch (RuntimeException e) {
            throw EngineException.failed("llama.cpp cannot load the model", e);
        }
    }

    private static int contextLength(ModelSource source, GgufHeader header) {
        Integer set = source.settings().contextLength();
        int trained = header.contextLength();
        return Math.clamp(set == null ? DEFAULT_CONTEXT : set, 1, trained);
    }

    /** Errors while loading explain a death; anything else may be a prompt. */
    private static void log(LogLevel level, String message) {
        if (level == LogLevel.ERROR && message.startsWith("llama_model_load")) {
            System.err.println(message.strip());
        }
    }
}
