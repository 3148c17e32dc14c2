package dev.atrium.registry.artifact.torchscript;

/**
 * One entry of the central directory, its data's place checked against the local header.
 *
 * @param dataStart where its bytes begin in the file
 */
record ZipMember(
        String name, boolean deflated, long compressedBytes, long bytes, long crc, long dataStart) {
    boolean isFolder() {
        return name.endsWith("/");
    }
}
