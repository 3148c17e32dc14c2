package dev.atrium.node.engine.audio;

import dev.atrium.fuzz.Target;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Recordings as callers send them. */
public final class SoundTarget implements Target {
    private static final List<String> FILES =
            List.of("pcm_16.wav", "ulaw.wav", "fixed.flac", "noise.flac", "wasted.flac");
    private static final int LONGEST_SECONDS = 2;

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : FILES) {
            try (InputStream file =
                    SoundTarget.class.getResourceAsStream("/models/audio/" + name)) {
                seeds.add(Objects.requireNonNull(file, name).readAllBytes());
            }
        }
        return seeds;
    }

    @Override
    public void read(byte[] input) {
        try {
            SoundFile.decode(ByteBuffer.wrap(input), LONGEST_SECONDS, new Cancellation());
        } catch (EngineException refused) {
            // The answer to a broken recording.
        }
    }
}
