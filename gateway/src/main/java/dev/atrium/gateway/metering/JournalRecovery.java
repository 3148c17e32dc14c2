package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a former life of this gateway left behind and makes it sound again.
 *
 * <p>A record that was cut off by a crash at the end of a file is cut away: whoever wrote it never
 * went on. Damage anywhere else is the disk's doing: the file is copied into quarantine, its good
 * records stay, and the start goes on. What was lost in it is resolved from the nodes' records.
 */
final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);

    private final Segments segments;
    private final Map<UUID, byte[]> open = new LinkedHashMap<>();
    private final Map<Long, Long> sizes = new LinkedHashMap<>();
    private long newest;
    private long settled;
    private int damaged;

    JournalRecovery(Segments segments) {
        this.segments = segments;
    }

    /**
     * @param orphans JSON of the calls that were OPEN and never SETTLED
     * @param sizes bytes of each segment that is left
     * @param newest highest segment number ever seen, 0 without any
     * @param settled SETTLED records in all segments
     * @param damaged files of which a copy went into quarantine
     */
    record Recovered(
            List<byte[]> orphans, Map<Long, Long> sizes, long newest, long settled, int damaged) {
        /** Where reading begins. */
        long firstSegment() {
            return sizes.keySet().stream().min(Long::compare).orElse(newest + 1);
        }
    }

    Recovered recover() throws IOException {
        for (long number : segments.numbers()) {
            newest = number;
            recover(number);
        }
        return new Recovered(List.copyOf(open.values()), sizes, newest, settled, damaged);
    }

    private void recover(long number) throws IOException {
        ByteBuffer content;
        try {
            content = ByteBuffer.wrap(Files.readAllBytes(segments.file(number)));
        } catch (IOException e) {
            damaged++;
            Path kept = segments.quarantine(number);
            LOG.error("journal file {} cannot be read; moved to {}", number, kept, e);
            return;
        }
        Scan scan = Scan.of(content);
        scan.frames().forEach(this::match);
        if (scan.isDamaged()) {
            repair(number, content, scan);
        } else if (scan.end() < content.limit()) {
            LOG.info(
                    "journal file {}: cut an unfinished record of {} bytes",
                    number,
                    content.limit() - scan.end());
            truncate(number, scan.end());
        }
        sizes.put(number, Files.size(segments.file(number)));
    }

    private void match(Frame frame) {
        switch (frame.type()) {
            case OPEN -> open.put(frame.callId(), frame.json());
            case SETTLED -> {
                settled++;
                open.remove(frame.callId());
            }
        }
    }

    private void repair(long number, ByteBuffer content, Scan scan) throws IOException {
        damaged++;
        Path copy = segments.quarantineCopy(number);
        LOG.error(
                "journal file {} is damaged: {} of {} bytes are no records; copy kept at {}",
                number,
                content.limit() - scan.goodBytes(),
                content.limit(),
                copy);
        Path repaired = Files.createTempFile(segments.folder(), "repair", ".tmp");
        ByteBuffer good = ByteBuffer.allocate(scan.goodBytes());
        scan.frames().forEach(frame -> frame.writeTo(good));
        Files.write(repaired, good.array(), StandardOpenOption.SYNC);
        Files.move(repaired, segments.file(number), StandardCopyOption.ATOMIC_MOVE);
    }

    private void truncate(long number, int length) throws IOException {
        try (FileChannel file = FileChannel.open(segments.file(number), StandardOpenOption.WRITE)) {
            file.truncate(length);
        }
    }

    /**
     * The good frames of a file.
     *
     * @param end where the last good frame ends
     * @param isDamaged whether anything but an unfinished last record is wrong
     */
    record Scan(List<Frame> frames, int end, int goodBytes, boolean isDamaged) {
        static Scan of(ByteBuffer content) {
            List<Frame> frames = new ArrayList<>();
            int end = 0;
            int goodBytes = 0;
            boolean gap = false;
            int offset = 0;
            while (offset < content.limit()) {
                if (Frame.isAt(content, offset)) {
                    Frame frame = Frame.read(content, offset);
                    frames.add(frame);
                    gap |= offset > end;
                    goodBytes += frame.size();
                    offset += frame.size();
                    end = offset;
                } else {
                    offset++;
                }
            }
            return new Scan(frames, end, goodBytes, gap || !isUnfinished(content, end));
        }

        /** Whether the rest looks like a write that a crash cut off: too short, or never filled. */
        private static boolean isUnfinished(ByteBuffer content, int end) {
            int rest = content.limit() - end;
            if (rest < Frame.HEADER) {
                return true;
            }
            boolean beginsWell = content.getInt(end) == Frame.MAGIC;
            int length = content.getInt(end + 4);
            if (beginsWell && length >= 0 && length <= Frame.LONGEST_PAYLOAD) {
                return rest < Frame.HEADER + length;
            }
            for (int i = end; i < content.limit(); i++) {
                if (content.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
