package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the Open Inference Protocol's JSON, numbers going straight from the text into direct
 * buffers. Members may come in any order; unknown ones are skipped; one that comes twice, a second
 * document, or anything deeper than tensors ever are is refused.
 */
final class InferRequestReader {
    private static final int MAX_DEPTH = 40;
    private static final int MAX_TENSORS = 256;
    private static final int MAX_TEXT = 16 * 1024 * 1024;
    private static final int MAX_NAME = 1024;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(MAX_TEXT)
                                    .maxNameLength(MAX_NAME)
                                    .build())
                    .build();

    private final JsonParser json;
    private final InputReader inputReader;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private @Nullable String id;
    private boolean hasInputs;

    private InferRequestReader(JsonParser json, TensorBuffers buffers) {
        this.json = json;
        this.inputReader = new InputReader(json, buffers);
    }

    /**
     * @param maxTensorBytes most memory for one tensor
     * @throws EngineException {@code invalid_input}; nothing is left to release then
     */
    static InferRequest read(InputStream body, int maxTensorBytes) {
        TensorBuffers buffers = new TensorBuffers(maxTensorBytes);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            InferRequestReader reader = new InferRequestReader(parser, buffers);
            reader.readRequest();
            return new InferRequest(reader.id, reader.inputs, reader.outputs, buffers);
        } catch (StreamConstraintsException e) {
            buffers.release();
            throw EngineException.invalidInput("the body has a part that is too deep or too long");
        } catch (JacksonException e) {
            buffers.release();
            throw EngineException.invalidInput("the body is no valid JSON: " + words(e));
        } catch (IndexOutOfBoundsException e) {
            buffers.release();
            throw EngineException.invalidInput(
                    "a tensor is larger than " + maxTensorBytes + " bytes");
        } catch (RuntimeException e) {
            buffers.release();
            throw e;
        }
    }

    /** The parser's words and place, without what it quotes of the body's surroundings. */
    private static String words(JacksonException e) {
        String text = String.valueOf(e.getOriginalMessage());
        var place = e.getLocation();
        String where =
                place == null
                        ? ""
                        : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        return (text.length() <= 120 ? text : text.substring(0, 120) + "…") + where;
    }

    private void readRequest() {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw EngineException.invalidInput("the body must be a JSON object");
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            readMember(name, json.nextToken());
        }
        if (json.nextToken() != null) {
            throw EngineException.invalidInput("the body goes on after its end");
        }
        if (!hasInputs) {
            throw EngineException.invalidInput("'inputs' is missing");
        }
    }

    private void readMember(String name, JsonToken token) {
        switch (name) {
            case "id" -> id = token == JsonToken.VALUE_NULL ? null : string("id", token);
            case "parameters" -> skipParameters("parameters", token);
            case "inputs" -> {
                hasInputs = true;
                array("inputs", token, this::readInput);
            }
            case "outputs" -> {
                if (token != JsonToken.VALUE_NULL) {
                    array("outputs", token, this::readOutput);
                }
            }
            default -> json.skipChildren();
        }
    }

    private interface ObjectReader {
        void read();
    }

    private void array(String what, JsonToken token, ObjectReader each) {
        if (token != JsonToken.START_ARRAY) {
            throw EngineException.invalidInput("'" + what + "' must be an array");
        }
        int count = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next != JsonToken.START_OBJECT) {
                throw EngineException.invalidInput("'" + what + "' must hold objects");
            }
            if (++count > MAX_TENSORS) {
                throw EngineException.invalidInput(
                        "'" + what + "' holds more than " + MAX_TENSORS + " tensors");
            }
            each.read();
        }
    }

    private void readInput() {
        inputs.add(inputReader.read());
    }

    private void readOutput() {
        String output = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (name.equals("name")) {
                output = string("name of an output", token);
            } else {
                json.skipChildren();
            }
        }
        if (output == null) {
            throw EngineException.invalidInput("an output has no name");
        }
        if (outputs.contains(output)) {
            throw EngineException.invalidInput("output '" + output + "' is asked for twice");
        }
        outputs.add(output);
    }

    private void skipParameters(String what, JsonToken token) {
        if (token != JsonToken.START_OBJECT && token != JsonToken.VALUE_NULL) {
            throw EngineException.invalidInput("'" + what + "' must be an object");
        }
        json.skipChildren();
    }

    private String string(String what, JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw EngineException.invalidInput("the " + what + " must be a string");
        }
        return json.getString();
    }

    /** Only for the reader of inputs: datatypes by their protocol names. */
    static Datatype datatype(String input, String name) {
        return Datatype.named(name)
                .orElseThrow(() ->
                        EngineException.invalidInput(
                                "input '" + input + "' has the unknown datatype '" + name + "'"));
    }
}
