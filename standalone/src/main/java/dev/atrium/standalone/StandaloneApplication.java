package dev.atrium.standalone;

import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.distribution.Distribution;
import dev.atrium.standalone.distribution.Preparation;
import dev.atrium.standalone.doctor.Doctor;
import dev.atrium.standalone.launcher.AlreadyRunningException;
import dev.atrium.standalone.launcher.Console;
import dev.atrium.standalone.launcher.Launcher;
import dev.atrium.standalone.launcher.StartFailedException;
import dev.atrium.standalone.recommend.RecommendCommand;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.Seed;
import dev.atrium.standalone.settings.InvalidSettingException;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import dev.atrium.standalone.status.Status;
import dev.atrium.standalone.status.Stop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The program behind the script {@code atrium}. */
public final class StandaloneApplication {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private final Settings settings;
    private final Distribution distribution;

    private StandaloneApplication(Settings settings) {
        this.settings = settings;
        this.distribution = Distribution.of(settings.home());
    }

    public static void main(String[] arguments) {
        Path home = Path.of(System.getProperty("atrium.home", ".")).toAbsolutePath().normalize();
        int exitCode;
        try {
            Settings settings = Settings.of(home, System.getenv());
            exitCode = new StandaloneApplication(settings).run(Command.parse(List.of(arguments)));
        } catch (InvalidSettingException | IOException e) {
            System.err.println(e.getMessage());
            exitCode = FAILED;
        } catch (InterruptedException e) {
            exitCode = FAILED;
        }
        System.exit(exitCode);
    }

    private int run(Command command) throws IOException, InterruptedException {
        return switch (command) {
            case Command.Prepare prepare -> prepare(prepare);
            case Command.Start start -> start(start);
            case Command.Unknown unknown -> {
                System.err.println(unknown.message());
                yield WRONG_USE;
            }
            case Command.Welcome _ -> welcome();
            case Command.Stop _ -> new Stop(settings.data(), System.out).run();
            case Command.Status status -> {
                Status report = new Status(settings.data(), System.out);
                yield status.asJson() ? report.asJson() : report.asText();
            }
            case Command.Doctor _ -> new Doctor(settings, System.out).run();
            case Command.Key _ -> new KeyCommand(access()).run();
            case Command.Demo _ -> new DemoCommand(access()).run();
            case Command.Verify verify -> new VerifyCommand(access(), System.out).run(verify);
            case Command.Recommend recommend ->
                    new RecommendCommand(access(), System.getenv("ATRIUM_API_KEY"), System.out)
                            .run(recommend.wish());
            case Command.Chaos chaos ->
                    new ChaosCommand(settings, distribution, System.out)
                            .run(chaos.kills(), chaos.lost(), chaos.seed());
        };
    }

    private int prepare(Command.Prepare command) throws IOException {
        new Preparation(distribution, System.out::println)
                .prepare(
                        command.withCaches()
                                ? Preparation.Caches.TRAINED
                                : Preparation.Caches.NONE);
        return 0;
    }

    private int start(Command.Start command) throws IOException, InterruptedException {
        Console console = new Console(System.out);
        Launcher launcher = new Launcher(settings, distribution, console);
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::stop, "stop"));
        try {
            if (launcher.start()) {
                seed(command, console);
                announce(command, console);
            }
        } catch (AlreadyRunningException e) {
            console.say(String.valueOf(e.getMessage()));
            return 0;
        } catch (StartFailedException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private void announce(Command.Start command, Console console) throws IOException {
        // The script waits for this line.
        console.say("Atrium is ready.");
        if (!command.inBackground()) {
            welcome();
            console.showServices();
        }
        // A start leaves ten times the memory that watching needs; only this gives it back.
        System.gc();
    }

    /** Without its demo data Atrium still works, so a failure is told and the start goes on. */
    private void seed(Command.Start command, Console console)
            throws IOException, InterruptedException {
        Seed seed = new Seed(access(), console::say);
        try {
            if (command.withDemo()) {
                seed.complete();
            } else {
                seed.decline();
            }
        } catch (ApiFailure | SignInFailedException | UncheckedIOException | IOException e) {
            console.say("The demo data is not complete, the next start goes on: " + e.getMessage());
        }
    }

    private int welcome() throws IOException {
        new Welcome(access(), System.out).print();
        return 0;
    }

    private Access access() throws IOException {
        return new Access(settings, Secrets.in(settings.data()));
    }
}
