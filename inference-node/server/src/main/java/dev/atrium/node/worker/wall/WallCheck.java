package dev.atrium.node.worker.wall;

import dev.atrium.registry.api.node.WallLevel;
import java.util.Locale;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * Says which wall would stand around the workers of a node that is started like this process.
 * Argument: one kind to try, none for the best. Prints the level, the words for it, why better ones
 * do not stand, and what to do, a line each.
 */
public final class WallCheck {
    private static final DataSize ENOUGH = DataSize.ofMegabytes(64);

    private WallCheck() {}

    public static void main(String[] args) {
        WallProperties.Kind kind =
                Optional.of(args)
                        .filter(given -> given.length > 0)
                        .map(given -> given[0].toUpperCase(Locale.ROOT))
                        .map(WallProperties.Kind::valueOf)
                        .orElse(WallProperties.Kind.AUTO);
        try {
            WallChoice choice =
                    WallChoice.make(new WallProperties(kind, WallLevel.NONE, ENOUGH, 64, ENOUGH));
            WallLevel level = choice.wall().level();
            System.out.println(level);
            System.out.println(WallWords.of(level));
            System.out.println(WallWords.faults(choice.faults()));
            System.out.println(WallWords.FIX);
        } catch (WallMissingException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }
}
