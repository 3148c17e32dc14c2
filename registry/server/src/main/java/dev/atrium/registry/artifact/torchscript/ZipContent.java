package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks one member, never more than its declared size, and checks its checksum at the end. */
final class ZipContent {
    private static final int BLOCK = 1 << 16;

    private interface Sink {
        void accept(byte[] block, int count);
    }

    private final FileBytes file;
    private final ZipMember member;
    private final Sink sink;
    private final CRC32 crc = new CRC32();
    private long produced;

    private ZipContent(FileBytes file, ZipMember member, Sink sink) {
        this.file = file;
        this.member = member;
        this.sink = sink;
    }

    static byte[] bytes(FileBytes file, ZipMember member, int maxBytes) {
        if (member.bytes() > maxBytes) {
            throw new ArtifactRejectedException(
                    "the member "
                            + member.name()
                            + " unpacks to "
                            + member.bytes()
                            + " bytes; at most "
                            + maxBytes
                            + " are accepted");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream((int) member.bytes());
        new ZipContent(file, member, (block, count) -> content.write(block, 0, count)).unpack();
        return content.toByteArray();
    }

    /** Reads a member only to see that it is what the directory says. */
    static void verify(FileBytes file, ZipMember member) {
        new ZipContent(file, member, (block, count) -> {}).unpack();
    }

    private void unpack() {
        file.seek(member.dataStart());
        if (member.deflated()) {
            inflate();
        } else {
            copy();
        }
        if (produced != member.bytes() || crc.getValue() != member.crc()) {
            throw new ArtifactRejectedException(
                    "the member "
                            + member.name()
                            + " of the archive is damaged: size or checksum differ");
        }
    }

    private void copy() {
        byte[] block = new byte[BLOCK];
        long left = member.bytes();
        while (left > 0) {
            int count = (int) Math.min(left, BLOCK);
            file.read(block, 0, count);
            produce(block, count);
            left -= count;
        }
    }

    private void inflate() {
        byte[] input = new byte[BLOCK];
        byte[] output = new byte[BLOCK];
        long left = member.compressedBytes();
        Inflater inflater = new Inflater(true);
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int count = (int) Math.min(left, BLOCK);
                    if (count == 0) {
                        throw damaged();
                    }
                    file.read(input, 0, count);
                    left -= count;
                    inflater.setInput(input, 0, count);
                }
                int count = inflater.inflate(output);
                if (count == 0 && inflater.needsDictionary()) {
                    throw damaged();
                }
                produce(output, count);
            }
            if (left > 0 || inflater.getRemaining() > 0) {
                throw damaged();
            }
        } catch (DataFormatException e) {
            throw damaged();
        } finally {
            inflater.end();
        }
    }

    private void produce(byte[] block, int count) {
        produced += count;
        if (produced > member.bytes()) {
            throw damaged();
        }
        crc.update(block, 0, count);
        sink.accept(block, count);
    }

    private ArtifactRejectedException damaged() {
        return new ArtifactRejectedException(
                "the member " + member.name() + " of the archive does not unpack to what it says");
    }
}
