package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.catalog.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The official OpenAI SDK for JavaScript against the whole platform. {@code ./atrium test} puts it
 * into {@code standalone/target/js} before Maven runs; nothing is fetched here.
 */
class OpenAiJavaScriptIT {
    private static final String SPEECH = "audio/spoken.wav";
    private static final Path FOLDER = Path.of("target/js").toAbsolutePath();

    @Test
    void sdkTestsPass() throws IOException, InterruptedException {
        String key = Platform.newAcmeKey();
        TaskModels.deploy(
                Platform.acme(),
                "speech",
                Task.AUTOMATIC_SPEECH_RECOGNITION,
                Map.of(
                        "audio", Map.of("normalize", "recording"),
                        "ctc", Map.of("vocabulary", List.of("<pad>", "a", "b", "c", "|"))),
                "audio/spelling.onnx");
        TaskModels.answer("speech", SPEECH, key, "text");

        assertThat(FOLDER.resolve("node_modules/openai"))
                .as("the SDK, which ./atrium test installs with npm")
                .isDirectory();

        Path output = Files.createTempFile("openai-sdk", ".log");
        ProcessBuilder node =
                new ProcessBuilder("node", "--test", "openai-sdk.test.js")
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        node.environment().put("ATRIUM_BASE_URL", Platform.gateway() + "/v1");
        node.environment().put("ATRIUM_API_KEY", key);
        node.environment().put("ATRIUM_SPEECH", TaskModels.file(SPEECH).toString());

        Process process = node.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);

        String log = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(ended).as(log).isTrue();
        assertThat(process.exitValue()).as(log).isZero();
    }
}
