package dev.atrium.standalone;

import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.demo.DemoStory;
import dev.atrium.standalone.demo.Stage;
import dev.atrium.standalone.demo.SurpriseException;
import dev.atrium.standalone.distribution.ServiceName;
import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.launcher.Readiness;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoTenant;
import dev.atrium.standalone.seed.Seed;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Plays the demo story on the running installation. */
record DemoCommand(Access access) {
    int run() throws IOException {
        if (Leftovers.launcher(access.settings().data()).isEmpty()) {
            return refuse("Atrium is not running; start it with ./atrium start");
        }
        if (new Seed(access, line -> {}).state() != Seed.State.COMPLETE) {
            return refuse("This installation has no demo data; the story needs it.");
        }
        try (Readiness readiness = new Readiness()) {
            new DemoStory(stage(readiness), System.out).play();
            return 0;
        } catch (SurpriseException
                | ApiFailure
                | SignInFailedException
                | UncheckedIOException surprise) {
            return refuse("  ✗ " + surprise.getMessage());
        }
    }

    private Stage stage(Readiness readiness) throws IOException {
        Settings settings = access.settings();
        return new Stage(
                settings.loopback(Port.REGISTRY),
                settings.loopback(Port.GATEWAY),
                access.signIn(),
                access.secrets().password(Secrets.OPERATOR_CLIENT_SECRET),
                person(DemoTenant.ACME),
                person(DemoTenant.GLOBEX),
                () -> gateway().map(entry -> entry.process().pid()).orElse(0L),
                () -> gateway().filter(entry -> isReady(entry, readiness)).isPresent());
    }

    private Optional<RunState.Entry> gateway() {
        return ProcessTable.read(access.settings().data().state())
                .flatMap(state -> state.find(ServiceName.GATEWAY.title()));
    }

    private static boolean isReady(RunState.Entry entry, Readiness readiness) {
        try {
            String url = entry.readiness();
            return entry.process().lives() && url != null && readiness.answers(url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Stage.Person person(DemoTenant tenant) throws IOException {
        return new Stage.Person(
                tenant.slug(), tenant.email(), access.secrets().password(tenant.passwordName()));
    }

    private static int refuse(String why) {
        System.err.println(why);
        return 1;
    }
}
