package dev.atrium.bench;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LogLevel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import dev.atrium.node.api.ChatRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import tools.jackson.databind.json.JsonMapper;

/**
 * llama.cpp called directly, without any server, with the settings that a node gives it. A process
 * of its own, told by standard input how many streams to run for how many milliseconds; it answers
 * {@link ChatFigures#inWords}.
 */
final class BareChat {
    static final String ANSWER = "chat ";

    private final LlamaModel model;
    private final String prompt;

    private BareChat(LlamaModel model, ChatRequest request) {
        this.model = model;
        this.prompt =
                model.applyTemplate(
                        JsonMapper.shared()
                                .writeValueAsString(Map.of("messages", request.messages())));
    }

    /** Arguments: the model's file, threads, and the most streams. */
    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[1]);
        int slots = Integer.parseInt(arguments[2]);
        LlamaModel.setLogger(LogFormat.TEXT, BareChat::ignore);
        ModelParameters parameters =
                new ModelParameters()
                        .setModel(arguments[0])
                        .setCtxSize(512 * slots)
                        .setParallel(slots)
                        .enableContBatching()
                        .setThreads(threads)
                        .setThreadsBatch(threads)
                        .disableContextShift()
                        .setPredict(-1);
        try (LlamaModel model = new LlamaModel(parameters);
                Scanner orders = new Scanner(System.in)) {
            BareChat chat = new BareChat(model, ChatModel.REQUEST);
            while (orders.hasNextInt()) {
                int streams = orders.nextInt();
                Duration time = Duration.ofMillis(orders.nextLong());
                System.out.println(
                        ANSWER + ChatFigures.of(chat::generate, streams, time).inWords());
            }
        }
    }

    private static void ignore(LogLevel level, String message) {
        // What goes wrong is thrown; the rest would be read as an answer.
    }

    /** The binding holds back pieces of characters, so tokens are not counted by pieces. */
    private int generate(Runnable firstPiece) {
        InferenceParameters parameters =
                new InferenceParameters(prompt)
                        .setNPredict(ChatModel.TOKENS)
                        .setCachePrompt(false)
                        .setTemperature(0)
                        .setSeed(1);
        LlamaIterator outputs = model.generate(parameters).iterator();
        boolean first = true;
        while (outputs.hasNext()) {
            String piece = outputs.next().text;
            if (first && !piece.isEmpty()) {
                firstPiece.run();
                first = false;
            }
        }
        return first ? 0 : ChatModel.TOKENS;
    }
}
