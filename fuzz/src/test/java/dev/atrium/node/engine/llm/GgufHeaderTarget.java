package dev.atrium.node.engine.llm;

import dev.atrium.fuzz.Target;
import dev.atrium.registry.artifact.ModelBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** The header of a language model's file. */
public final class GgufHeaderTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return List.of(ModelBytes.gguf());
    }

    @Override
    public void read(byte[] input) {
        try {
            GgufHeader.read(new ByteArrayInputStream(input));
        } catch (IOException refused) {
            // The version ends as FAILED.
        }
    }
}
