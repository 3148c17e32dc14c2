package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.util.Map;

/** The machine cannot build the wall that the settings ask for. */
final class WallMissingException extends RuntimeException {
    WallMissingException(WallLevel wanted, Map<WallLevel, String> faults) {
        super(
                "the settings ask for walls of "
                        + wanted
                        + " around model workers, and they do not stand here: "
                        + WallWords.faults(faults)
                        + ". "
                        + WallWords.FIX);
    }
}
