package dev.atrium.standalone.launcher;

import java.io.PrintStream;

/**
 * Where the launcher tells what it does. Lines of the services join in only once they are asked
 * for, so that the progress of a start can be read.
 */
public final class Console {
    private static final int NAME_WIDTH = 14;

    private final PrintStream out;
    private volatile boolean showsServices;

    public Console(PrintStream out) {
        this.out = out;
    }

    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /** From now on every line that a service logs is shown, with the service's name before it. */
    public void showServices() {
        showsServices = true;
    }

    void fromService(String service, String line) {
        if (showsServices) {
            say(("%-" + NAME_WIDTH + "s | %s").formatted(service, line));
        }
    }
}
