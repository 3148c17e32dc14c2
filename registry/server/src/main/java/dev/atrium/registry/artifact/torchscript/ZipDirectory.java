package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the members of a zip archive by its central directory, and only archives in which the
 * members fill the file from its first byte to the directory: no two overlap, nothing hides between
 * them, before or behind. Readers that scan from the front and readers that start at the end then
 * see the same archive.
 */
final class ZipDirectory {
    static final int MAX_MEMBERS = 10_000;

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END_64_BYTES = 56;
    private static final int MAX_NAME_BYTES = 1_024;
    private static final int MAX_DIRECTORY_BYTES = 16 << 20;
    private static final int ENCRYPTED = 1;
    private static final int DESCRIPTOR = 1 << 3;
    private static final int STRONG_ENCRYPTION = 1 << 6;
    private static final int MASKED_HEADER = 1 << 13;
    private static final long IN_ZIP_64 = 0xffff_ffffL;
    private static final Set<Long> DESCRIPTOR_BYTES = Set.of(12L, 16L, 20L, 24L);

    private record Header(ZipMember member, int flags, long offset) {}

    private record Directory(long start, long bytes, long members) {}

    private final FileBytes file;

    private ZipDirectory(FileBytes file) {
        this.file = file;
    }

    static List<ZipMember> read(FileBytes file) {
        return new ZipDirectory(file).read();
    }

    private List<ZipMember> read() {
        Directory directory = locate();
        if (directory.members() < 0 || directory.members() > MAX_MEMBERS) {
            throw new ArtifactRejectedException(
                    "the archive has "
                            + Long.toUnsignedString(directory.members())
                            + " members; at most "
                            + MAX_MEMBERS
                            + " are accepted");
        }
        file.seek(directory.start());
        List<Header> headers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < directory.members(); i++) {
            Header header = central();
            if (!names.add(header.member().name())) {
                throw broken("the member " + header.member().name() + " appears twice");
            }
            headers.add(header);
        }
        if (file.position() != directory.start() + directory.bytes()) {
            throw broken("its directory has another length than it says");
        }
        headers.sort(Comparator.comparingLong(Header::offset));
        return locateData(headers, directory.start());
    }

    private Directory locate() {
        if (file.size() < END_BYTES) {
            throw broken("it is shorter than an empty archive");
        }
        long end = file.size() - END_BYTES;
        file.seek(end);
        if (file.int32() != END) {
            throw broken("it is truncated, or bytes follow its end");
        }
        file.skip(6);
        long members = file.unsignedShort();
        long bytes = file.unsignedInt();
        long start = file.unsignedInt();
        Directory directory = new Directory(start, bytes, members);
        long directoryEnd = end;
        if (end >= LOCATOR_BYTES + END_64_BYTES && intAt(end - LOCATOR_BYTES) == END_64_LOCATOR) {
            directoryEnd = end - LOCATOR_BYTES - END_64_BYTES;
            directory = locate64(directoryEnd);
        }
        if (directory.start() < 0
                || directory.bytes() < 0
                || directory.bytes() > MAX_DIRECTORY_BYTES
                || directory.start() + directory.bytes() != directoryEnd) {
            throw broken("its directory is not where it says");
        }
        return directory;
    }

    private Directory locate64(long at) {
        if (intAt(at) != END_64) {
            throw broken("its zip64 end record is not where it belongs");
        }
        file.skip(28);
        long members = file.int64();
        long bytes = file.int64();
        return new Directory(file.int64(), bytes, members);
    }

    private int intAt(long position) {
        file.seek(position);
        return file.int32();
    }

    private Header central() {
        if (file.int32() != CENTRAL) {
            throw broken("its directory is damaged");
        }
        file.skip(4);
        int flags = file.unsignedShort();
        int method = file.unsignedShort();
        file.skip(4);
        long crc = file.unsignedInt();
        long compressed = file.unsignedInt();
        long bytes = file.unsignedInt();
        int nameBytes = file.unsignedShort();
        int extraBytes = file.unsignedShort();
        int commentBytes = file.unsignedShort();
        file.skip(8);
        long offset = file.unsignedInt();
        String name = name(nameBytes);
        requirePlain(name, flags, method);
        Extra extra = Extra.read(file, extraBytes, bytes, compressed, offset);
        file.skip(commentBytes);
        ZipMember member =
                new ZipMember(name, method == 8, extra.compressed(), extra.bytes(), crc, 0);
        return new Header(member, flags, extra.offset());
    }

    private String name(int bytes) {
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            throw broken("a member has a name of " + bytes + " bytes");
        }
        return new String(file.bytes(bytes), StandardCharsets.UTF_8);
    }

    private static void requirePlain(String name, int flags, int method) {
        if ((flags & (ENCRYPTED | STRONG_ENCRYPTION | MASKED_HEADER)) != 0) {
            throw broken("the member " + name + " is encrypted");
        }
        if (method != 0 && method != 8) {
            throw broken("the member " + name + " is compressed by an unusual method");
        }
        boolean climbs =
                name.startsWith("/")
                        || name.contains("\\")
                        || name.contains(":")
                        || name.indexOf('\0') >= 0
                        || List.of(name.split("/", -1)).contains("..");
        if (climbs) {
            throw broken("the member name " + name + " leads out of the archive");
        }
    }

    private List<ZipMember> locateData(List<Header> headers, long directoryStart) {
        List<ZipMember> members = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            long next = i + 1 < headers.size() ? headers.get(i + 1).offset() : directoryStart;
            if (i == 0 && header.offset() != 0) {
                throw broken("bytes precede its first member");
            }
            members.add(locateData(header, next));
        }
        return members;
    }

    private ZipMember locateData(Header header, long next) {
        ZipMember member = header.member();
        if (intAt(header.offset()) != LOCAL) {
            throw broken("the member " + member.name() + " is not where the directory says");
        }
        file.skip(22);
        int nameBytes = file.unsignedShort();
        int extraBytes = file.unsignedShort();
        if (!name(nameBytes).equals(member.name())) {
            throw broken("the member " + member.name() + " has two names");
        }
        long dataStart = file.position() + extraBytes;
        boolean outside =
                member.compressedBytes() < 0 || member.compressedBytes() > next - dataStart;
        long behind = outside ? -1 : next - dataStart - member.compressedBytes();
        boolean tight =
                (header.flags() & DESCRIPTOR) != 0
                        ? DESCRIPTOR_BYTES.contains(behind)
                        : behind == 0;
        if (outside || !tight) {
            throw broken("the member " + member.name() + " overlaps another, or bytes hide by it");
        }
        if (!member.deflated() && member.compressedBytes() != member.bytes()) {
            throw broken("the member " + member.name() + " has two sizes");
        }
        return new ZipMember(
                member.name(),
                member.deflated(),
                member.compressedBytes(),
                member.bytes(),
                member.crc(),
                dataStart);
    }

    /** Sizes and offset of a member, from its zip64 extra field where they are too long. */
    private record Extra(long bytes, long compressed, long offset) {
        private static final int ZIP_64 = 1;

        static Extra read(FileBytes file, int length, long bytes, long compressed, long offset) {
            long end = file.position() + length;
            long[] values = {bytes, compressed, offset};
            while (end - file.position() >= 4) {
                int id = file.unsignedShort();
                long partEnd = file.unsignedShort() + file.position();
                if (partEnd > end) {
                    throw broken("an extra field is longer than it may be");
                }
                for (int i = 0; id == ZIP_64 && i < values.length; i++) {
                    if (values[i] == IN_ZIP_64 && partEnd - file.position() >= Long.BYTES) {
                        values[i] = file.int64();
                    }
                }
                file.seek(partEnd);
            }
            file.seek(end);
            if (values[0] < 0 || values[1] < 0 || values[2] < 0) {
                throw broken("a member has a negative size");
            }
            return new Extra(values[0], values[1], values[2]);
        }
    }

    private static ArtifactRejectedException broken(String what) {
        return new ArtifactRejectedException("the zip archive is broken or hostile: " + what);
    }
}
