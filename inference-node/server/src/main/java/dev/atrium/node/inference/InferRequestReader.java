package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * document, or anything deeper than tensors ever are is refused. Tensors may stand as bytes behind
 * the JSON (the protocol's extension {@code binary_tensor_data}); those go to the buffers
 * untouched.
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
    private final BinaryOutputs binaryOutputs = new BinaryOutputs();
    private final Map<Integer, BinaryInput> binaryInputs = new TreeMap<>();
    private @Nullable String id;
    private boolean hasInputs;

    private InferRequestReader(JsonParser json, TensorBuffers buffers) {
        this.json = json;
        this.inputReader = new InputReader(json, buffers);
    }

    /**
     * Of JSON alone.
     *
     * @param maxTensorBytes most memory for one tensor
     * @throws EngineException {@code invalid_input}; nothing is left to release then
     */
    static InferRequest read(InputStream body, int maxTensorBytes) {
        return read(body, maxTensorBytes, null);
    }

    /**
     * @param maxTensorBytes most memory for one tensor
     * @param jsonBytes length of the JSON; null where there is nothing behind it
     * @throws EngineException {@code invalid_input}; nothing is left to release then
     */
    static InferRequest read(InputStream body, int maxTensorBytes, @Nullable Integer jsonBytes) {
        TensorBuffers buffers = new TensorBuffers(maxTensorBytes);
        HeaderStream header =
                new HeaderStream(body, jsonBytes == null ? Long.MAX_VALUE : jsonBytes);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), header)) {
            InferRequestReader reader = new InferRequestReader(parser, buffers);
            reader.readRequest();
            if (jsonBytes == null) {
                reader.requireNoBinary();
            } else {
                requireWhole(header);
                reader.readBinary(body, buffers, maxTensorBytes);
            }
            return new InferRequest(
                    reader.id, reader.inputs, reader.outputs, reader.binaryOutputs, buffers);
        } catch (IOException e) {
            buffers.release();
            throw EngineException.invalidInput("the body breaks off");
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

    private void requireNoBinary() {
        if (!binaryInputs.isEmpty()) {
            throw EngineException.invalidInput(
                    "a binary_data_size needs the header Inference-Header-Content-Length, which says"
                            + " where the JSON ends");
        }
    }

    private static void requireWhole(HeaderStream header) {
        if (header.left() > 0) {
            throw EngineException.invalidInput(
                    "Inference-Header-Content-Length says "
                            + header.left()
                            + " bytes more than there are of JSON");
        }
    }

    private void readBinary(InputStream body, TensorBuffers buffers, int maxTensorBytes)
            throws IOException {
        for (Map.Entry<Integer, BinaryInput> input : binaryInputs.entrySet()) {
            inputs.set(input.getKey(), input.getValue().read(body, buffers, maxTensorBytes));
        }
        if (body.read() >= 0) {
            throw EngineException.invalidInput(
                    "the body goes on behind the data of its last binary input");
        }
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
            case "parameters" -> readParameters(token);
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
        Tensor input = inputReader.read();
        BinaryInput binary = inputReader.binary();
        if (binary != null) {
            binaryInputs.put(inputs.size(), binary);
        }
        inputs.add(input);
    }

    private void readOutput() {
        String output = null;
        Boolean isBinary = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (name.equals("name")) {
                output = string("name of an output", token);
            } else if (name.equals("parameters")) {
                isBinary = flag("binary_data", token);
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
        if (isBinary != null) {
            binaryOutputs.put(output, isBinary);
        }
    }

    private void readParameters(JsonToken token) {
        Boolean areBinary = flag("binary_data_output", token);
        binaryOutputs.all(areBinary != null && areBinary);
    }

    /** One of an object's parameters; null where it is not among them. */
    private @Nullable Boolean flag(String wanted, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.START_OBJECT) {
            throw EngineException.invalidInput("'parameters' must be an object");
        }
        Boolean flag = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken value = json.nextToken();
            if (name.equals(wanted)) {
                if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
                    throw EngineException.invalidInput("'" + wanted + "' must be true or false");
                }
                flag = value == JsonToken.VALUE_TRUE;
            }
            json.skipChildren();
        }
        return flag;
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
