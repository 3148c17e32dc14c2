package dev.atrium.standalone.doctor;

import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks the node's own program which wall would stand around models here: it tries them. */
final class Walls {
    private static final String SUBJECT = "sandbox walls";
    private static final String CHECK = "dev.atrium.node.worker.wall.WallCheck";

    private Walls() {}

    static List<Finding> check(Settings settings) throws IOException, InterruptedException {
        Distribution distribution = Distribution.of(settings.home());
        if (!System.getProperty("os.name").equals("Linux")
                || distribution.missing().contains(ServiceName.NODE)) {
            return List.of();
        }
        List<String> command = new ArrayList<>(distribution.command(ServiceName.NODE, CHECK));
        command.add(settings.environment().getOrDefault("ATRIUM_NODE_WALL", "auto"));
        List<String> words = Probe.words(command);
        return List.of(finding(words));
    }

    /** The lines are level, words, why nothing better, and what to do. */
    private static Finding finding(List<String> words) {
        if (words.size() < 4) {
            return Finding.fail(
                    SUBJECT,
                    words.isEmpty() ? "cannot be tried" : words.getFirst(),
                    "set ATRIUM_NODE_WALL=auto, or build the wall it names");
        }
        String text = words.get(1) + (words.get(2).isEmpty() ? "" : " (" + words.get(2) + ")");
        return words.getFirst().equals("NONE")
                ? Finding.warn(SUBJECT, text, words.get(3))
                : Finding.ok(SUBJECT, text);
    }
}
