package dev.atrium.node.usage;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Lines whose checksum is right whatever they hold, or a fuzzer would never get beyond it. */
final class JournalLines {
    private JournalLines() {}

    static String withChecksum(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return HexFormat.of().toHexDigits((int) crc.getValue()) + " " + text;
    }
}
