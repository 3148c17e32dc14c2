package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads SETTLED records in the order they were written, a batch at a time, so that a long outage of
 * the registry costs disk and not memory.
 */
final class JournalReader {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);
    private static final int CHUNK = 1024 * 1024;

    private final Segments segments;
    private final JournalWriter writer;

    /** Used again for every batch: clearing a new one costs more than reading into it. */
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    private JournalPosition position;

    JournalReader(Segments segments, JournalWriter writer, long firstSegment) {
        this.segments = segments;
        this.writer = writer;
        this.position = new JournalPosition(firstSegment, 0);
    }

    /**
     * @param records the JSON of {@code UsageRecord}s
     * @param end where the next batch begins once this one is acknowledged
     */
    record Batch(List<byte[]> records, JournalPosition end) {}

    JournalPosition position() {
        return position;
    }

    void moveTo(JournalPosition acknowledged) {
        position = acknowledged;
    }

    /** The next records, not more than asked for; none when all were read. */
    Batch next(int limit) throws IOException {
        List<byte[]> records = new ArrayList<>();
        JournalPosition at = position;
        while (records.size() < limit) {
            // Read before the sizes: a segment that is not active any more is complete.
            SegmentFile active = writer.active();
            long end = end(at.segment(), active);
            if (at.offset() < end) {
                at = read(at, end, limit, records);
            } else if (at.segment() < active.number()) {
                at = new JournalPosition(at.segment() + 1, 0);
            } else {
                break;
            }
        }
        return new Batch(records, at);
    }

    private long end(long segment, SegmentFile active) throws IOException {
        if (segment == active.number()) {
            return active.size();
        }
        // Missing when the last start put it into quarantine.
        return Files.exists(segments.file(segment)) ? Files.size(segments.file(segment)) : 0;
    }

    private JournalPosition read(JournalPosition from, long end, int limit, List<byte[]> records)
            throws IOException {
        load(from, end);
        int offset = 0;
        while (offset < chunk.limit() && records.size() < limit) {
            if (Frame.isAt(chunk, offset)) {
                Frame frame = Frame.read(chunk, offset);
                if (frame.type() == Frame.Type.SETTLED) {
                    records.add(frame.json());
                }
                offset += frame.size();
            } else if (chunk.limit() - offset < Frame.LONGEST
                    && from.offset() + chunk.limit() < end) {
                // The frame goes on behind the chunk.
                break;
            } else {
                offset = skipDamage(chunk, offset, from);
            }
        }
        return new JournalPosition(from.segment(), from.offset() + offset);
    }

    private void load(JournalPosition from, long end) throws IOException {
        int length = (int) Math.min(CHUNK, end - from.offset());
        if (chunk.capacity() < length) {
            chunk = ByteBuffer.allocate(length);
        }
        chunk.clear().limit(length);
        try (FileChannel file =
                FileChannel.open(segments.file(from.segment()), StandardOpenOption.READ)) {
            while (chunk.hasRemaining()
                    && file.read(chunk, from.offset() + chunk.position()) >= 0) {}
        }
        chunk.flip();
    }

    private int skipDamage(ByteBuffer chunk, int offset, JournalPosition from) {
        int next = offset + 1;
        while (next < chunk.limit() && !Frame.isAt(chunk, next)) {
            next++;
        }
        writer.ledger().isDamaged(from.segment());
        LOG.error(
                "journal file {}: {} bytes at {} are no record any more",
                from.segment(),
                next - offset,
                from.offset() + offset);
        return next;
    }
}
