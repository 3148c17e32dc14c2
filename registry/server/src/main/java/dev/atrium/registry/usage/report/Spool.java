package dev.atrium.registry.usage.report;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;

/**
 * Sends a CSV file of any length. It is written to disk first: what goes wrong meanwhile is still
 * an error answer, nobody takes half a file for a whole one, and memory holds one piece of it.
 */
final class Spool {
    static final String TYPE = "text/csv";

    /** Writes the whole file. */
    @FunctionalInterface
    interface Content {
        void writeTo(Csv csv) throws IOException;
    }

    private Spool() {}

    static void send(HttpServletResponse response, String fileName, Content content)
            throws IOException {
        Path file = Files.createTempFile("atrium-usage-", ".csv");
        try {
            try (Writer writer = Files.newBufferedWriter(file)) {
                content.writeTo(new Csv(writer));
            }
            response.setContentType(TYPE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment().filename(fileName).build().toString());
            response.setContentLengthLong(Files.size(file));
            Files.copy(file, response.getOutputStream());
        } finally {
            Files.delete(file);
        }
    }
}
