package dev.atrium.node.usage;

import dev.atrium.fuzz.Target;
import dev.atrium.node.usage.JournalEntry.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines that a killed node or a failing disk left. */
public final class NodeJournalTarget implements Target {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                new JournalEntry(Kind.SHIPPED, 7, null).toLine(),
                new JournalEntry(Kind.STARTED, 0, null).toLine());
    }

    @Override
    public void read(byte[] input) {
        JournalEntry.fromLine(new String(input, StandardCharsets.UTF_8));
        JournalEntry.fromLine(JournalLines.withChecksum(input));
    }
}
