package dev.atrium.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What one stretch of generations showed.
 *
 * @param answers that were given
 * @param broken those of another number of tokens than were asked for
 * @param perSecond tokens of all streams together
 * @param p50Micros from the question to the first piece of its answer
 */
record ChatFigures(int answers, int broken, double perSecond, double p50Micros, double p99Micros) {
    /** One generation, from the question to the last token. */
    interface Chat {
        /**
         * @param firstPiece runs when the first text is there
         * @return tokens of the answer
         */
        int generate(Runnable firstPiece) throws Exception;
    }

    /** Some streams, each of which asks again when it is answered. */
    static ChatFigures of(Chat chat, int streams, Duration time)
            throws InterruptedException, ExecutionException {
        Latencies first = new Latencies();
        long begin = System.nanoTime();
        long tokens = 0;
        int answers = 0;
        int broken = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(streams)) {
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                running.add(callers.submit(() -> loop(chat, begin + time.toNanos(), first)));
            }
            for (Future<List<Integer>> each : running) {
                for (int length : each.get()) {
                    tokens += length;
                    answers++;
                    broken += length == ChatModel.TOKENS ? 0 : 1;
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new ChatFigures(
                answers, broken, tokens / seconds, first.quantile(0.5), first.quantile(0.99));
    }

    private static List<Integer> loop(Chat chat, long end, Latencies first) throws Exception {
        List<Integer> lengths = new ArrayList<>();
        while (System.nanoTime() - end < 0) {
            long asked = System.nanoTime();
            lengths.add(chat.generate(() -> first.add(System.nanoTime() - asked)));
        }
        return lengths;
    }

    static ChatFigures median(List<ChatFigures> rounds) {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(ChatFigures::perSecond))
                .toList()
                .get(rounds.size() / 2);
    }

    String inWords() {
        return answers + " " + broken + " " + perSecond + " " + p50Micros + " " + p99Micros;
    }

    static ChatFigures read(String words) {
        String[] numbers = words.split(" ");
        return new ChatFigures(
                Integer.parseInt(numbers[0]),
                Integer.parseInt(numbers[1]),
                Double.parseDouble(numbers[2]),
                Double.parseDouble(numbers[3]),
                Double.parseDouble(numbers[4]));
    }
}
