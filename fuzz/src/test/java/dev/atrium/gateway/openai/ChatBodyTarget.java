package dev.atrium.gateway.openai;

import dev.atrium.fuzz.Target;
import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Conversations as callers send them. */
public final class ChatBodyTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        """
                        {"model":"m","messages":[{"role":"system","content":"a"},
                        {"role":"user","content":[{"type":"text","text":"b"}]}],"stream":true,
                        "stream_options":{"include_usage":true},"max_completion_tokens":5}
                        """,
                        """
                        {"model":"m","messages":[{"role":"user","content":"b"}],"max_tokens":7,
                        "temperature":0.5,"top_p":1,"seed":-3,"stop":["x","y"],"n":1,
                        "response_format":{"type":"text"},"frequency_penalty":0,"logit_bias":{}}
                        """)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void read(byte[] input) {
        try {
            Members members = new Members(Objects.requireNonNull(Json.readObject(input).block()));
            members.requireText("model");
            ChatParameters.read(members);
        } catch (RefusedException refused) {
            // The caller gets 400.
        }
    }
}
