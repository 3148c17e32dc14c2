package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The walls around model workers.
 *
 * @param kind which wall to build: the best that works here, or this one, without which the node
 *     does not start
 * @param minimum the weakest wall that the node starts with
 * @param memory memory that one worker may take, after which it is ended
 * @param processes threads that one worker may have, where the system can bound them
 * @param scratch room for temporary files of one worker
 */
@Validated
@ConfigurationProperties("atrium.node.worker.wall")
record WallProperties(
        @NotNull @DefaultValue("auto") Kind kind,
        @NotNull @DefaultValue("none") WallLevel minimum,
        @NotNull @DefaultValue("4GB") DataSize memory,
        @Positive @DefaultValue("512") int processes,
        @NotNull @DefaultValue("256MB") DataSize scratch) {

    enum Kind {
        AUTO,
        BUBBLEWRAP,
        LANDLOCK,
        NONE;

        /** Empty for the best that works. */
        Optional<WallLevel> level() {
            return this == AUTO ? Optional.empty() : Optional.of(WallLevel.valueOf(name()));
        }
    }
}
