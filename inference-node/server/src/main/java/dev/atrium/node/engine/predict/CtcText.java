package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.ByteStrings;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.CtcSettings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes a text of logits [1, frames, tokens] by greedy CTC decoding: of each frame the likeliest
 * token, of equal ones in a row the first, without blanks.
 *
 * @see "Graves et al., Connectionist Temporal Classification, 2006, section 3.2: best path
 *     decoding"
 */
final class CtcText implements Reading {
    private static final List<String> BLANKS = List.of("<pad>", "[PAD]", "<blank>");
    private static final Set<String> SILENT =
            Set.of("<s>", "</s>", "<unk>", "<pad>", "[UNK]", "[PAD]");

    private final List<String> vocabulary;
    private final int blank;
    private final String wordDelimiter;
    private final Set<String> silent;

    private CtcText(List<String> vocabulary, int blank, String wordDelimiter, Set<String> silent) {
        this.vocabulary = vocabulary;
        this.blank = blank;
        this.wordDelimiter = wordDelimiter;
        this.silent = silent;
    }

    static CtcText of(ModelSource source) {
        CtcSettings given = source.settings().ctc();
        CtcSettings settings = given == null ? CtcSettings.DEFAULT : given;
        List<String> vocabulary =
                settings.vocabulary() == null ? Vocabulary.of(source) : settings.vocabulary();
        Integer chosen = settings.blank();
        int blank = chosen == null ? blank(vocabulary) : chosen;
        if (blank > vocabulary.size()) {
            throw EngineException.failed(
                    "'settings.ctc.blank' is "
                            + blank
                            + ", but there are "
                            + vocabulary.size()
                            + " tokens",
                    null);
        }
        return new CtcText(
                vocabulary,
                blank,
                settings.wordDelimiter() == null ? "|" : settings.wordDelimiter(),
                settings.silent() == null ? SILENT : new HashSet<>(settings.silent()));
    }

    private static int blank(List<String> vocabulary) {
        return BLANKS.stream()
                .map(vocabulary::indexOf)
                .filter(index -> index >= 0)
                .findFirst()
                .orElse(0);
    }

    @Override
    public List<Tensor> of(Tensor output, int computed, int rows, @Nullable Integer wanted) {
        long[] shape = output.shape();
        int width = Math.max(vocabulary.size(), blank + 1);
        if (shape.length != 3 || shape[0] != 1 || shape[2] != width) {
            throw EngineException.failed(
                    "output '"
                            + output.name()
                            + "' has the shape "
                            + Arrays.toString(shape)
                            + ", but speech of "
                            + width
                            + " tokens needs [1, frames, "
                            + width
                            + "]",
                    null);
        }
        int[] path = path(Outputs.reader(output), Math.toIntExact(shape[1]), width);
        String[] text = {text(path)};
        return List.of(
                new Tensor(
                        Prediction.TEXT,
                        Datatype.BYTES,
                        new long[] {1, 1},
                        ByteStrings.write(text)));
    }

    private static int[] path(IntToDoubleFunction logits, int frames, int width) {
        int[] path = new int[frames];
        for (int frame = 0; frame < frames; frame++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int token = 0; token < width; token++) {
                double logit = logits.applyAsDouble(frame * width + token);
                if (Double.isNaN(logit)) {
                    throw EngineException.failed("the model gives NaN for this input", null);
                }
                if (logit > best) {
                    best = logit;
                    path[frame] = token;
                }
            }
        }
        return path;
    }

    private String text(int[] path) {
        StringBuilder text = new StringBuilder();
        int last = blank;
        for (int token : path) {
            if (token != last && token != blank && !silent.contains(vocabulary.get(token))) {
                text.append(vocabulary.get(token).replace(wordDelimiter, " "));
            }
            last = token;
        }
        return text.toString().strip();
    }
}
