package dev.atrium.registry.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes the parts of uploads whose registry was killed. */
@Component
class LeftoverSweep {
    private static final Logger log = LoggerFactory.getLogger(LeftoverSweep.class);

    private final ArtifactStore store;

    LeftoverSweep(ArtifactStore store) {
        this.store = store;
    }

    @Scheduled(initialDelayString = "PT0S", fixedDelayString = "PT1H")
    void sweep() throws IOException {
        try (Stream<Path> files = Files.list(store.incoming())) {
            List<Path> parts =
                    files.filter(file -> file.toString().endsWith(IncomingFile.SUFFIX)).toList();
            for (Path part : parts) {
                if (IncomingFile.removeAbandoned(part)) {
                    log.info("removed the part of an upload that was cut off");
                }
            }
        }
    }
}
