package dev.atrium.node.model;

import dev.atrium.registry.api.node.RefusedFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Files that were not loaded because they are not what they should be, until the registry knows.
 */
@Component
public class RefusedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedFiles.class);

    /** The registry takes no more at once. */
    private static final int MOST_WAITING = 64;

    private final Deque<RefusedFile> waiting = new ArrayDeque<>();

    synchronized void add(RefusedFile file) {
        LOG.error(
                "{} from {} is not what it should be and is not loaded",
                file.sha256(),
                file.origin());
        if (waiting.size() < MOST_WAITING && !waiting.contains(file)) {
            waiting.addLast(file);
        }
    }

    /** What the registry has not been told, oldest first. */
    public synchronized List<RefusedFile> waiting() {
        return List.copyOf(waiting);
    }

    /** The registry has taken them. */
    public synchronized void told(List<RefusedFile> files) {
        waiting.removeAll(files);
    }
}
