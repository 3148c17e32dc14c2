package dev.atrium.standalone;

import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoKey;
import dev.atrium.standalone.seed.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Prints a new API key of the demo's first tenant, and nothing else, on standard output. */
record KeyCommand(Access access) {
    int run() throws IOException {
        if (Leftovers.launcher(access.settings().data()).isEmpty()) {
            return refuse("Atrium is not running; start it with ./atrium start");
        }
        if (new Seed(access, line -> {}).state() != Seed.State.COMPLETE) {
            return refuse(
                    "This installation has no demo tenant; make a key in the portal: "
                            + access.settings().portalUrl());
        }
        try {
            System.out.println(new DemoKey(access).create());
            return 0;
        } catch (ApiFailure | SignInFailedException | UncheckedIOException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static int refuse(String why) {
        System.err.println(why);
        return 1;
    }
}
