package dev.atrium.node.model;

import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The last placements that the registry ordered. A convenience: without it a restart waits. */
final class PlacementsFile {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementsFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private List<PlacementOrder> written = List.of();

    PlacementsFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    List<PlacementOrder> read() {
        try {
            if (Files.exists(file)) {
                written =
                        Arrays.asList(
                                JSON.readValue(Files.readAllBytes(file), PlacementOrder[].class));
            }
        } catch (IOException | JacksonException e) {
            LOG.warn("the placements of before cannot be read: {}", e.getMessage());
        }
        return written;
    }

    void write(List<PlacementOrder> placements) {
        if (placements.equals(written)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, JSON.writeValueAsBytes(placements));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            written = List.copyOf(placements);
        } catch (IOException e) {
            LOG.warn("the placements cannot be kept: {}", e.getMessage());
        }
    }
}
