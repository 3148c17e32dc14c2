package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.engine.ByteStrings;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Prediction;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Media;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes what a task found: {@code predictions} with labels and scores, or {@code values}, or a
 * {@code text}. A table has a list for each of its rows, everything else is one input and has one
 * list.
 */
final class PredictAnswer {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private static final int MILLI_DIGITS = 3;

    private final Grant grant;
    private final Task task;
    private final NodeUsage usage;
    private final List<Tensor> outputs;
    private final int rows;
    private final int columns;

    private PredictAnswer(Grant grant, Task task, Answer answer) {
        this.grant = grant;
        this.task = task;
        this.usage = answer.usage();
        this.outputs = answer.outputs();
        long[] shape = outputs.getFirst().shape();
        this.rows = (int) shape[0];
        this.columns = (int) shape[1];
    }

    /** Checks first: nobody can be refused once an answer has begun. */
    static PredictAnswer of(Grant grant, Task task, Answer answer) {
        List<Tensor> outputs = answer.outputs();
        boolean isValues = outputs.size() == 1 && isMatrix(outputs.getFirst(), Datatype.FP32);
        boolean isRanking =
                outputs.size() == 2
                        && isMatrix(outputs.getFirst(), Datatype.BYTES)
                        && isMatrix(outputs.get(1), Datatype.FP32)
                        && outputs.getFirst().elements() == outputs.get(1).elements();
        boolean isText =
                outputs.size() == 1
                        && isMatrix(outputs.getFirst(), Datatype.BYTES)
                        && outputs.getFirst().elements() == 1;
        if (!isValues && !isRanking && !isText) {
            throw EngineException.failed("the model gave no prediction", null);
        }
        return new PredictAnswer(grant, task, answer);
    }

    private static boolean isMatrix(Tensor tensor, Datatype datatype) {
        return tensor.datatype() == datatype
                && tensor.shape().length == 2
                && tensor.elements() <= Integer.MAX_VALUE;
    }

    void write(OutputStream target) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), target)) {
            json.writeStartObject();
            json.writeStringProperty("model", grant.modelName());
            json.writeNumberProperty("version", grant.version());
            json.writeStringProperty("task", task.name());
            if (outputs.size() == 1 && outputs.getFirst().datatype() == Datatype.BYTES) {
                json.writeStringProperty(Prediction.TEXT, texts(outputs.getFirst())[0]);
            } else {
                json.writeName(outputs.size() == 1 ? "values" : "predictions");
                rows(json);
            }
            json.writeName("usage");
            usage(json);
            json.writeEndObject();
        }
    }

    private void usage(JsonGenerator json) {
        Media media = Media.orNone(usage.media());
        json.writeStartObject();
        json.writeNumberProperty("input_tokens", usage.inputTokens());
        if (media.images() > 0) {
            json.writeNumberProperty("images", media.images());
        }
        if (media.audioMillis() > 0) {
            json.writeNumberProperty(
                    "audio_seconds", BigDecimal.valueOf(media.audioMillis(), MILLI_DIGITS));
        }
        json.writeEndObject();
    }

    private void rows(JsonGenerator json) {
        boolean isTable = task == Task.TABULAR;
        if (isTable) {
            json.writeStartArray();
        }
        FloatBuffer numbers = numbers(outputs.getLast());
        String[] labels = labels();
        DecimalWriter decimals = new DecimalWriter(json);
        for (int row = 0; row < rows; row++) {
            json.writeStartArray();
            for (int column = 0; column < columns; column++) {
                entry(json, decimals, labels, row * columns + column, numbers.get());
            }
            json.writeEndArray();
        }
        if (isTable) {
            json.writeEndArray();
        }
    }

    private static FloatBuffer numbers(Tensor tensor) {
        return tensor.data().slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private String[] labels() {
        return outputs.size() == 1 ? new String[0] : texts(outputs.getFirst());
    }

    private static String[] texts(Tensor tensor) {
        return ByteStrings.read(tensor.data(), tensor.elements());
    }

    private static void entry(
            JsonGenerator json, DecimalWriter decimals, String[] labels, int index, float number) {
        if (labels.length == 0) {
            decimals.write(number);
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("label", labels[index]);
        json.writeName("score");
        decimals.write(number);
        json.writeEndObject();
    }
}
