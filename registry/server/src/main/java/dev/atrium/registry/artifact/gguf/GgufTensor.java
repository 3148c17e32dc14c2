package dev.atrium.registry.artifact.gguf;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.util.Map;

/**
 * One entry of the tensor table.
 *
 * @param end where its data ends, counted from the beginning of the data section
 */
record GgufTensor(String name, long end) {
    private static final int MAX_NAME_BYTES = 128;
    private static final int MAX_DIMENSIONS = 4;

    /** Elements and bytes of one block of a type. */
    private record Block(int elements, int bytes) {}

    /** By the numbers of ggml's types; retired ones are left out. */
    private static final Map<Integer, Block> BLOCKS =
            Map.ofEntries(
                    Map.entry(0, new Block(1, 4)),
                    Map.entry(1, new Block(1, 2)),
                    Map.entry(2, new Block(32, 18)),
                    Map.entry(3, new Block(32, 20)),
                    Map.entry(6, new Block(32, 22)),
                    Map.entry(7, new Block(32, 24)),
                    Map.entry(8, new Block(32, 34)),
                    Map.entry(9, new Block(32, 36)),
                    Map.entry(10, new Block(256, 84)),
                    Map.entry(11, new Block(256, 110)),
                    Map.entry(12, new Block(256, 144)),
                    Map.entry(13, new Block(256, 176)),
                    Map.entry(14, new Block(256, 210)),
                    Map.entry(15, new Block(256, 292)),
                    Map.entry(16, new Block(256, 66)),
                    Map.entry(17, new Block(256, 74)),
                    Map.entry(18, new Block(256, 98)),
                    Map.entry(19, new Block(256, 50)),
                    Map.entry(20, new Block(32, 18)),
                    Map.entry(21, new Block(256, 110)),
                    Map.entry(22, new Block(256, 82)),
                    Map.entry(23, new Block(256, 136)),
                    Map.entry(24, new Block(1, 1)),
                    Map.entry(25, new Block(1, 2)),
                    Map.entry(26, new Block(1, 4)),
                    Map.entry(27, new Block(1, 8)),
                    Map.entry(28, new Block(1, 8)),
                    Map.entry(29, new Block(256, 56)),
                    Map.entry(30, new Block(1, 2)),
                    Map.entry(34, new Block(256, 54)),
                    Map.entry(35, new Block(256, 66)),
                    Map.entry(39, new Block(32, 17)));

    static GgufTensor read(FileBytes file, int alignment) {
        String name = GgufMetadata.name(file, MAX_NAME_BYTES);
        int dimensions = file.int32();
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw new ArtifactRejectedException(
                    "tensor " + name + " of the GGUF file claims " + dimensions + " dimensions");
        }
        long elements = 1;
        long row = 1;
        for (int i = 0; i < dimensions; i++) {
            long size = file.int64();
            if (size < 1 || size > file.size() * 8 / elements + 1) {
                throw oversized(name);
            }
            row = i == 0 ? size : row;
            elements *= size;
        }
        long bytes = bytes(name, file.int32(), row, elements, file.size());
        long offset = file.int64();
        if (offset < 0 || offset > file.size() || offset % alignment != 0) {
            throw new ArtifactRejectedException(
                    "tensor " + name + " of the GGUF file lies outside of it or is misaligned");
        }
        return new GgufTensor(name, offset + bytes);
    }

    private static long bytes(String name, int type, long row, long elements, long fileSize) {
        Block block = BLOCKS.get(type);
        if (block == null) {
            throw new ArtifactRejectedException(
                    "tensor " + name + " of the GGUF file has the unknown type " + type);
        }
        if (row % block.elements() != 0) {
            throw new ArtifactRejectedException(
                    "rows of tensor " + name + " of the GGUF file are no whole blocks");
        }
        long blocks = elements / block.elements();
        if (blocks > fileSize / block.bytes()) {
            throw oversized(name);
        }
        return blocks * block.bytes();
    }

    private static ArtifactRejectedException oversized(String name) {
        return new ArtifactRejectedException(
                "tensor " + name + " of the GGUF file claims more data than the file holds");
    }
}
