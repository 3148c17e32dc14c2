package dev.atrium.node.worker.wall;

import java.nio.file.Path;
import java.util.List;

/**
 * What one worker finds inside its wall, beside the program itself.
 *
 * @param folder its own folder with socket and arguments; read-only inside
 * @param scratch below the folder: the only place where it may write
 * @param files files it may read, or folders that more files are put into while it runs
 */
public record Room(Path folder, Path scratch, List<Path> files) {
    public Room {
        files = List.copyOf(files);
    }
}
