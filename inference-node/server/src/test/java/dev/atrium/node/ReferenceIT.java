package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a node answers is what the engine itself answers when it is asked without a node. */
class ReferenceIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final int CONTEXT = 512;
    private static final int MAX_TOKENS = 48;
    private static final List<String> QUESTIONS =
            List.of(
                    "What colour is a lemon?",
                    "Count to 7",
                    "Count to 12",
                    "Tell me a story",
                    "Hello!",
                    "Who are you?",
                    "What is two and two? Answer \"in words\".",
                    "a",
                    "Grüße aus Zürich, 你好",
                    "the the the the the the the the the the the the");
    private static final List<String> TEXTS =
            List.of(
                    "A cat sits on the mat.",
                    "cat",
                    "The stock market fell sharply today, and nobody knows why it did.",
                    "Grüße aus Zürich: 12,5 % mehr als 1999!",
                    "An embedding is a list of numbers; texts that mean the same have lists that"
                            + " are close to each other, whatever words they are made of.",
                    "SELECT name FROM users WHERE id = 7;",
                    "   blanks   all   over   ");

    @TempDir private Path folder;

    @Test
    void generatesGreedilyWhatLlamaCppGenerates() throws IOException {
        byte[] gguf = TestModels.demo("tiny-chat.gguf");
        PlacementOrder chat =
                deploy(
                        Framework.GGUF,
                        Task.TEXT_GENERATION,
                        NODE.registry().store("model.gguf", gguf));
        Path file = Files.write(folder.resolve("model.gguf"), gguf);
        ModelParameters parameters =
                new ModelParameters()
                        .setModel(file.toString())
                        .setCtxSize(CONTEXT)
                        .setThreads(1)
                        .disableContextShift();

        try (LlamaModel reference = new LlamaModel(parameters)) {
            for (String question : QUESTIONS) {
                ChatRequest request = request(question);

                String answer = ask(chat, request);

                assertThat(answer).as(question).isNotEmpty().isEqualTo(ask(reference, request));
            }
        }
        NODE.registry().remove(chat);
    }

    private static ChatRequest request(String question) {
        return new ChatRequest(
                List.of(new ChatRequest.Message("user", question)),
                MAX_TOKENS,
                0f,
                null,
                1,
                List.of());
    }

    private static String ask(LlamaModel reference, ChatRequest request) {
        String messages = JSON.writeValueAsString(Map.of("messages", request.messages()));
        return reference.complete(
                new InferenceParameters(reference.applyTemplate(messages))
                        .setNPredict(MAX_TOKENS)
                        .setTemperature(0)
                        .setSeed(1));
    }

    private static String ask(PlacementOrder chat, ChatRequest request) {
        HttpResponse<Stream<String>> answer =
                send(
                        NodeProtocol.CHAT,
                        chat,
                        Operation.CHAT,
                        request,
                        HttpResponse.BodyHandlers.ofLines());
        return answer.body()
                .filter(line -> line.startsWith("data: "))
                .map(line -> JSON.readValue(line.substring(6), ChatDelta.class).text())
                .collect(Collectors.joining());
    }

    @Test
    void embedsAsOnnxRuntimeAndTheModelsOwnTokenizerDo() throws IOException, OrtException {
        byte[] onnx = resource("/all-minilm-l6-v2.onnx");
        byte[] tokenizerJson = resource("/all-minilm-l6-v2-tokenizer.json");
        PlacementOrder miniLm =
                deploy(
                        Framework.ONNX,
                        Task.TEXT_EMBEDDING,
                        NODE.registry().store("model.onnx", onnx),
                        NODE.registry().store("tokenizer.json", tokenizerJson));
        Path file = Files.write(folder.resolve("tokenizer.json"), tokenizerJson);

        List<float[]> vectors = embed(miniLm);

        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx);
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(file)) {
            for (int i = 0; i < TEXTS.size(); i++) {
                float[] reference = embed(environment, session, tokenizer.encode(TEXTS.get(i)));
                assertThat(vectors.get(i))
                        .as(TEXTS.get(i))
                        .hasSize(384)
                        .containsExactly(reference, within(1e-4f));
            }
        }
        NODE.registry().remove(miniLm);
    }

    private static List<float[]> embed(PlacementOrder order) {
        HttpResponse<byte[]> answer =
                send(
                        NodeProtocol.EMBED,
                        order,
                        Operation.EMBEDDINGS,
                        new EmbedRequest(TEXTS),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        FloatBuffer values =
                ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
            float[] vector = new float[values.capacity() / TEXTS.size()];
            values.get(vector);
            vectors.add(vector);
        }
        return vectors;
    }

    /** One text alone: the mean of its tokens' states, of length 1. */
    private static float[] embed(OrtEnvironment environment, OrtSession session, Encoding text)
            throws OrtException {
        long[] mask = text.getAttentionMask();
        try (OnnxTensor ids = row(environment, text.getIds());
                OnnxTensor attention = row(environment, mask);
                OnnxTensor types = row(environment, text.getTypeIds());
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", ids,
                                        "attention_mask", attention,
                                        "token_type_ids", types))) {
            float[][] states = ((float[][][]) result.get(0).getValue())[0];
            double[] sum = new double[states[0].length];
            for (int token = 0; token < states.length; token++) {
                for (int column = 0; column < sum.length; column++) {
                    sum[column] += mask[token] * states[token][column];
                }
            }
            return ofLengthOne(sum);
        }
    }

    private static OnnxTensor row(OrtEnvironment environment, long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, new long[][] {values});
    }

    /** What the sum is divided by before does not matter to its direction. */
    private static float[] ofLengthOne(double[] sum) {
        double squares = 0;
        for (double each : sum) {
            squares += each * each;
        }
        float[] vector = new float[sum.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(squares));
        }
        return vector;
    }

    private static <T> HttpResponse<T> send(
            String template,
            PlacementOrder order,
            Operation operation,
            Object request,
            HttpResponse.BodyHandler<T> handler) {
        var grant = NODE.registry().grant(order, operation);
        return NODE.send(
                template,
                grant,
                NODE.registry().sign(grant),
                JSON.writeValueAsString(request),
                handler);
    }

    private static PlacementOrder deploy(Framework framework, Task task, ModelFile... files) {
        PlacementOrder order =
                NODE.registry().place(framework, task, VersionSettings.DEFAULT, List.of(files));
        NODE.awaitReady(order);
        return order;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = ReferenceIT.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }
}
