package dev.atrium.gateway.predict;

import dev.atrium.fuzz.Target;
import dev.atrium.node.engine.audio.SoundTarget;
import java.io.IOException;
import java.util.List;

/** Recordings, of which a gateway wants to know no more than their length. */
public final class WavLengthTarget implements Target {
    @Override
    public List<byte[]> seeds() throws IOException {
        return new SoundTarget().seeds();
    }

    @Override
    public void read(byte[] input) {
        WavLength.millis(input)
                .ifPresent(millis -> {
                    if (millis < 1) {
                        throw new AssertionError("a recording of " + millis + " ms");
                    }
                });
    }
}
