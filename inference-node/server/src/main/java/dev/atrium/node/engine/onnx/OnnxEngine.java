package dev.atrium.node.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;

/** Loads ONNX files. */
public final class OnnxEngine {
    /** Older ones follow external data out of the model; 1.29.0 crashes and phones home. */
    private static final String REQUIRED_VERSION = "1.28.0";

    private OnnxEngine() {}

    public static LoadedModel load(ModelSource source) {
        OrtEnvironment environment = environment();
        try (SessionOptions options = options(source)) {
            OrtSession session =
                    environment.createSession(source.modelFile(".onnx").toString(), options);
            try {
                return new OnnxModel(environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw OnnxErrors.loading(e);
        }
    }

    private static OrtEnvironment environment() {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        if (!environment.getVersion().equals(REQUIRED_VERSION)) {
            throw EngineException.failed(
                    "this node carries ONNX Runtime "
                            + environment.getVersion()
                            + " instead of "
                            + REQUIRED_VERSION,
                    null);
        }
        return environment;
    }

    private static SessionOptions options(ModelSource source) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(source.threads());
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        // Spinning threads burn the cores of every other model on the node.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        if (source.gpu() != null) {
            compute(options, source.gpu());
        }
        return options;
    }

    private static void compute(SessionOptions options, int gpu) {
        try {
            options.addCUDA(gpu);
        } catch (OrtException e) {
            throw EngineException.failed(
                    "this node's ONNX Runtime does not compute on GPU:" + gpu, e);
        }
    }
}
