package dev.atrium.standalone.launcher;

import dev.atrium.standalone.process.Listener;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks at every port before anything starts, so that one message names all that are taken. */
public final class PortCheck {
    private PortCheck() {}

    /**
     * @param own ports that a process of ours may hold
     * @return a sentence per taken port: which, by whom, and what moves it
     */
    public static List<String> taken(Settings settings, Set<Port> own) {
        List<String> sentences = new ArrayList<>();
        for (Port port : Port.values()) {
            int number = settings.port(port);
            if (!own.contains(port) && !Listener.isFree(number)) {
                sentences.add(
                        "port %d (%s) is taken%s; free it, or move Atrium's with %s"
                                .formatted(
                                        number,
                                        port.title(),
                                        Listener.owner(number).map(o -> " by " + o).orElse(""),
                                        port.variable()));
            }
        }
        return sentences;
    }
}
