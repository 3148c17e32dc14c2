package dev.atrium.standalone.seed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.Visibility;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model of the demo.
 *
 * @param files name in the version to resource on the class path
 */
record SampleModel(
        ModelName name,
        Task task,
        Visibility visibility,
        String description,
        @Nullable VersionSettings settings,
        Map<String, String> files) {
    static final SampleModel MINILM =
            new SampleModel(
                    new ModelName("atrium", "minilm"),
                    Task.TEXT_EMBEDDING,
                    Visibility.PUBLIC,
                    "all-MiniLM-L6-v2: sentences to vectors of 384 numbers. Apache-2.0.",
                    new VersionSettings("mean", true, 256, null, null),
                    Map.of(
                            "model.onnx", "/all-minilm-l6-v2.onnx",
                            "tokenizer.json", "/all-minilm-l6-v2-tokenizer.json"));

    static final SampleModel TINY_CHAT =
            new SampleModel(
                    new ModelName("atrium", "tiny-chat"),
                    Task.TEXT_GENERATION,
                    Visibility.PUBLIC,
                    "A chat model of less than 2 MB, trained from scratch by standalone/models."
                            + " It shows how chats work, and knows next to nothing.",
                    null,
                    Map.of("model.gguf", "/demo/tiny-chat.gguf"));

    static final SampleModel FASHION =
            new SampleModel(
                    new ModelName("acme", "fashion"),
                    Task.TENSORS,
                    Visibility.PRIVATE,
                    "Ten kinds of clothes on 28 x 28 grey pixels, trained on Fashion-MNIST by"
                            + " standalone/models.",
                    null,
                    Map.of("model.onnx", "/demo/fashion-mnist.onnx"));

    SampleModel {
        files = Map.copyOf(files);
    }

    InputStream open(String resource) {
        InputStream in = SampleModel.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("this build has no " + resource);
        }
        return in;
    }
}
