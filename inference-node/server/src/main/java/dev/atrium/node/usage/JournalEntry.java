package dev.atrium.node.usage;

import dev.atrium.registry.api.json.JsonText;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of the journal: eight hexadecimal digits of a CRC-32C, a space, JSON.
 *
 * @param sequence with FINISHED its number, with SHIPPED the number up to which the registry has
 *     everything
 * @param record with STARTED and PROGRESS what is known so far, with FINISHED all of it
 */
record JournalEntry(Kind kind, long sequence, @Nullable NodeUsageRecord record) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PREFIX = 9;

    enum Kind {
        STARTED,
        PROGRESS,
        FINISHED,
        SHIPPED
    }

    byte[] toLine() {
        byte[] json =
                new JsonText()
                        .put("kind", kind)
                        .put("sequence", sequence)
                        .put("record", record, NodeRecordJson::record)
                        .bytes();
        String digits = HexFormat.of().toHexDigits((int) checksum(json, 0));
        byte[] prefix = (digits + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[PREFIX + json.length + 1];
        System.arraycopy(prefix, 0, line, 0, PREFIX);
        System.arraycopy(json, 0, line, PREFIX, json.length);
        line[line.length - 1] = '\n';
        return line;
    }

    /** Empty when the line is torn or damaged. */
    static Optional<JournalEntry> fromLine(String text) {
        if (text.length() < PREFIX) {
            return Optional.empty();
        }
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        try {
            long expected = Long.parseLong(text.substring(0, PREFIX - 1), 16);
            if (expected != checksum(line, PREFIX)) {
                return Optional.empty();
            }
            return Optional.ofNullable(JSON.readValue(text.substring(PREFIX), JournalEntry.class))
                    .filter(entry -> entry.kind() != null);
        } catch (NumberFormatException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static long checksum(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return crc.getValue();
    }
}
