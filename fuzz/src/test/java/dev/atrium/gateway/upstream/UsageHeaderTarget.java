package dev.atrium.gateway.upstream;

import dev.atrium.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;

/** What a node says that a call used. */
public final class UsageHeaderTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                """
                {"inputTokens":3,"outputTokens":1,"computeMicros":5,"cachedInputTokens":2,
                "energy":{"microjoules":4,"microgrammes":2,"method":"m"},"more":[1]}
                """
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void read(byte[] input) {
        try {
            UsageReader.read(new String(input, StandardCharsets.UTF_8));
        } catch (JacksonException refused) {
            // The answer counts as none.
        }
    }
}
