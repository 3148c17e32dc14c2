package dev.atrium.standalone.recommend;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What this installation's node says of a model, and what it uses.
 *
 * @param url of the node
 * @param pid of its supervisor
 */
record NodeFigures(String url, long pid, String model) {
    /** At one moment; only differences mean something. */
    record Reading(double batches, double calls, double loads, Duration cpu) {}

    Reading read() throws IOException {
        String all;
        try (InputStream answer = URI.create(url + "/actuator/prometheus").toURL().openStream()) {
            all = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
        return new Reading(
                value(all, "atrium_node_batch_calls_count"),
                value(all, "atrium_node_batch_calls_sum"),
                value(all, "atrium_node_loads_total"),
                cpu());
    }

    private double value(String all, String metric) {
        return all.lines()
                .filter(line -> line.startsWith(metric + "{"))
                .filter(line -> line.contains("model=\"" + model + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Of the supervisor and its workers. */
    private Duration cpu() {
        return ProcessHandle.of(pid).stream()
                .flatMap(node -> Stream.concat(Stream.of(node), node.descendants()))
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
