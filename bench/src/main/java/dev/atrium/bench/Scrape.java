package dev.atrium.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What a process says of itself to Prometheus. */
record Scrape(String managementUrl) {
    /** The sum over all series whose line begins like this. */
    double value(String beginning) throws IOException {
        URI uri = URI.create(managementUrl + "/actuator/prometheus");
        try (InputStream answer = uri.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
