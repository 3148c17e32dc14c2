package dev.atrium.node.engine.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import dev.atrium.node.engine.ErrorWords;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads TorchScript files. */
public final class TorchEngine {
    private static final String ENGINE = "PyTorch";

    private TorchEngine() {}

    public static LoadedModel load(ModelSource source) {
        // Read once, when the engine is first touched.
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(source.threads()));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        Engine engine = engine();
        TorchTypes.requireIntactLibrary(engine);
        Model model = engine.newModel("model", device(engine, source.gpu()));
        try (InputStream file = Files.newInputStream(source.modelFile(".pt", ".pth"))) {
            model.load(file, Map.of());
            return new TorchModel(model, source.signature());
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            throw dev.atrium.node.engine.EngineException.failed(
                    "PyTorch cannot load the model: " + ErrorWords.of(e), e);
        }
    }

    private static Device device(Engine engine, @Nullable Integer gpu) {
        if (gpu == null) {
            return Device.cpu();
        }
        if (gpu >= engine.getGpuCount()) {
            throw dev.atrium.node.engine.EngineException.failed(
                    "PyTorch sees " + engine.getGpuCount() + " GPUs here, so no GPU:" + gpu, null);
        }
        return Device.gpu(gpu);
    }

    /** Its library comes out of a jar when it is first loaded. */
    public static void unpack() {
        engine();
    }

    private static Engine engine() {
        try {
            return Engine.getEngine(ENGINE);
        } catch (EngineException e) {
            throw dev.atrium.node.engine.EngineException.failed(
                    "this node has no PyTorch library for its platform", e);
        }
    }
}
