package dev.atrium.standalone.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that holds everything an installation must not lose; readable by its owner only. */
public record DataFolder(Path path) {
    /** Makes what is missing and takes others' access away. */
    public void prepare() throws IOException {
        Path owned = existing();
        if (!Files.isWritable(owned)) {
            throw new IOException(
                    path
                            + " cannot be written by "
                            + System.getProperty("user.name")
                            + " (it belongs to "
                            + Files.getOwner(owned).getName()
                            + "); start as that user, or name another folder with ATRIUM_DATA");
        }
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(logs());
    }

    /** Removes the folder with everything in it. */
    public void discard() throws IOException {
        FolderTree.remove(path);
    }

    private Path existing() {
        Path folder = path;
        while (!Files.exists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    public Path secrets() {
        return path.resolve("secrets.properties");
    }

    public Path lock() {
        return path.resolve("lock");
    }

    /** Which processes run, rewritten at every change. */
    public Path state() {
        return path.resolve("state.json");
    }

    public Path logs() {
        return path.resolve("logs");
    }

    public Path log(String service) {
        return logs().resolve(service + ".log");
    }

    public Path postgres() {
        return path.resolve("postgres");
    }

    public Path store() {
        return path.resolve("store");
    }

    /** A service's own folder and working directory. */
    public Path of(String service) {
        return path.resolve(service);
    }
}
