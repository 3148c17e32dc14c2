package dev.atrium.standalone.recommend;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.process.ProcessTable;
import dev.atrium.standalone.process.RunState;
import dev.atrium.standalone.recommend.Advice.Choice;
import dev.atrium.standalone.recommend.Subject.Credential;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.settings.Port;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries settings of a deployment under load and says which serve best.
 *
 * @param grid what is tried; null for what suits this machine
 * @param key an API key of the model's tenant; null for the installation's own ways in
 */
public record RecommendCommand(
        Access access, @Nullable Grid grid, @Nullable String key, PrintStream out) {
    private static final String NODE = "inference-node";

    public RecommendCommand(Access access, @Nullable String key, PrintStream out) {
        this(access, null, key, out);
    }

    public int run(RecommendWish wish) throws IOException, InterruptedException {
        Optional<RunState.Entry> node =
                ProcessTable.read(access.settings().data().state())
                        .flatMap(state -> state.find(NODE));
        if (node.isEmpty()) {
            return refuse("Atrium is not running; start it with ./atrium start");
        }
        if (wish.requests() != null && !Files.isReadable(wish.requests())) {
            return refuse(wish.requests() + " cannot be read");
        }
        try {
            return run(wish, node.get());
        } catch (ApiFailure
                | SignInFailedException
                | UncheckedIOException
                | IllegalArgumentException
                | IllegalStateException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private int run(RecommendWish wish, RunState.Entry node)
            throws IOException, InterruptedException {
        Subject subject = new Subject(access, wish.model(), key);
        ModelVersion version = subject.version(wish.version());
        Samples samples = new Samples(version, subject.taskOf(version));
        List<Sample> requests =
                wish.requests() == null ? samples.make() : samples.read(wish.requests());
        Credential credential = subject.credential();
        try (AtEnd _ = new AtEnd(() -> subject.revoke(credential))) {
            Load load = new Load(access.calls(credential.secret()), requests);
            return measure(wish, subject, version, load, node);
        }
    }

    private int measure(
            RecommendWish wish,
            Subject subject,
            ModelVersion version,
            Load load,
            RunState.Entry node)
            throws IOException, InterruptedException {
        String path = subject.deploymentPath(version);
        Report report = new Report(out);
        NodeFigures figures =
                new NodeFigures(
                        access.settings().loopback(Port.NODE),
                        node.process().pid(),
                        version.model().toString());
        Recommendation measuring =
                new Recommendation(
                        subject::management, path, load, figures, wish.time(), wish.p99(), report);
        try (AtEnd _ = new AtEnd(measuring::close)) {
            return measure(wish, version, measuring, report, path);
        }
    }

    private int measure(
            RecommendWish wish,
            ModelVersion version,
            Recommendation measuring,
            Report report,
            String path)
            throws IOException, InterruptedException {
        Grid tried = grid == null ? gridFor(version) : grid;
        Map<String, Execution> settings = tried.settings(measuring.former());
        out.printf(
                "%s version %d: %d settings with up to %d callers, at most %d s for each of %d"
                        + " measurements%n",
                version.model(),
                version.number(),
                settings.size() + 1,
                tried.callers().getLast(),
                wish.time().toSeconds(),
                (settings.size() + 1) * tried.callers().size());
        report.head();
        List<Measured> all = measuring.measure(settings, tried.callers());
        Advice advice = new Advice(wish.p99());
        Optional<Choice> choice = advice.of(all);
        if (choice.isEmpty()) {
            report.nothing(wish.p99());
            return 1;
        }
        report.recommend(choice.get(), all, advice, wish.p99());
        if (wish.apply()) {
            measuring.leaveWith(choice.get().setting().execution());
            report.applied(choice.get());
        } else {
            report.howToApply(choice.get(), path);
        }
        return 0;
    }

    private static Grid gridFor(ModelVersion version) {
        Framework framework =
                Optional.ofNullable(version.framework())
                        .orElseThrow(() -> new IllegalArgumentException("not a model yet"));
        return Grid.forCores(Runtime.getRuntime().availableProcessors(), framework);
    }

    private static int refuse(String why) {
        System.err.println(why);
        return 1;
    }
}
