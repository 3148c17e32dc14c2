package dev.atrium.node.engine.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.engine.ByteStrings;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.CtcSettings;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the likeliest token of each frame to a text. */
class CtcTextTests {
    private static final List<String> TOKENS = List.of("<pad>", "|", "h", "e", "l", "o", "<unk>");

    @TempDir Path folder;

    @Test
    void joinsWhatRepeatsUnlessABlankStandsBetween() {
        CtcText ctc = ctc(new CtcSettings(TOKENS, null, null, null));

        assertThat(text(ctc, 7, 0, 2, 2, 0, 3, 3, 4, 4, 0, 4, 5, 5, 0)).isEqualTo("hello");
        assertThat(text(ctc, 7, 1, 2, 3, 1, 1, 4, 5, 1)).isEqualTo("he lo");
        assertThat(text(ctc, 7, 2, 6, 3)).isEqualTo("he");
        assertThat(text(ctc, 7, 0, 0)).isEmpty();
        assertThat(text(ctc, 7)).isEmpty();
    }

    @Test
    void knowsPiecesOfWordsAndABlankBehindTheVocabulary() {
        CtcText ctc = ctc(new CtcSettings(List.of("▁he", "llo", "▁you"), 3, "▁", List.of()));

        assertThat(text(ctc, 4, 3, 0, 3, 1, 1, 2)).isEqualTo("hello you");
    }

    @Test
    void readsTokensFromTheFileBesideTheModel() throws IOException {
        assertThat(text(ctc("{\"b\": 1, \"a\": 0, \"[PAD]\": 2}"), 3, 0, 2, 1)).isEqualTo("ab");
        for (String broken :
                List.of(
                        "{\"a\": 0, \"b\": 0}",
                        "{\"a\": 1, \"b\": 2}",
                        "{\"a\": -1}",
                        "{\"a\": \"0\"}",
                        "{}",
                        "[1]",
                        "{")) {
            assertThatThrownBy(() -> ctc(broken))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("vocab.json");
        }
    }

    @Test
    void refusesOutputsThatAreNoSpeech() {
        CtcText ctc = ctc(new CtcSettings(TOKENS, null, null, null));
        Tensor notNumbers = logits(7, 2);
        notNumbers.data().putFloat(0, Float.NaN);

        assertThatThrownBy(() -> text(ctc, 6, 1)).hasMessageContaining("[1, frames, 7]");
        assertThatThrownBy(() -> ctc.of(notNumbers, 1, 1, null)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> ctc(new CtcSettings(TOKENS, 8, null, null)))
                .hasMessageContaining("'settings.ctc.blank' is 8");
    }

    private CtcText ctc(String vocabulary) throws IOException {
        Path file = Files.writeString(folder.resolve("vocab.json"), vocabulary);
        return ctc(null, Map.of("vocab.json", file));
    }

    private static CtcText ctc(CtcSettings settings) {
        return ctc(settings, Map.of());
    }

    private static CtcText ctc(@Nullable CtcSettings settings, Map<String, Path> files) {
        VersionSettings all =
                new VersionSettings(
                        null, null, null, null, null, null, null, null, null, null, null, null,
                        settings);
        return CtcText.of(
                new ModelSource(
                        Framework.ONNX,
                        Task.AUTOMATIC_SPEECH_RECOGNITION,
                        Signature.UNKNOWN,
                        all,
                        files,
                        1,
                        1));
    }

    private static String text(CtcText ctc, int width, int... path) {
        Tensor text = ctc.of(logits(width, path), 1, 1, null).getFirst();
        return ByteStrings.read(text.data(), 1)[0];
    }

    private static Tensor logits(int width, int... path) {
        ByteBuffer data =
                ByteBuffer.allocate(path.length * width * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < path.length; frame++) {
            for (int token = 0; token < width; token++) {
                data.putFloat(token == path[frame] ? 3 : -token);
            }
        }
        return new Tensor("y", Datatype.FP32, new long[] {1, path.length, width}, data.flip());
    }
}
