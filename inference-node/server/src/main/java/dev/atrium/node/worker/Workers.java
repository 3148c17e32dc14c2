package dev.atrium.node.worker;

import dev.atrium.node.energy.EnergyEstimator;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.worker.ipc.Frame;
import dev.atrium.node.worker.ipc.FrameType;
import dev.atrium.node.worker.ipc.Messages;
import dev.atrium.node.worker.ipc.ProtocolException;
import dev.atrium.node.worker.queue.QueueLimits;
import dev.atrium.node.worker.wall.Walls;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Service;

/** Puts models into processes and takes them out again. */
@Service
public class Workers implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** Whose company a model may keep. */
    public enum Company {
        /** A process for this model alone. */
        ALONE,
        /** The platform's process for this engine. */
        PLATFORM,
        /** Of the platform, but in a process of its own. */
        PLATFORM_ALONE
    }

    /**
     * @param shelf where the files of its models are; null for a worker that has seen its only ones
     */
    private record Shared(WorkerProcess worker, AtomicInteger models, @Nullable Shelf shelf) {
        ModelSource visible(long key, ModelSource source) {
            return shelf == null ? source : source.withFiles(shelf.put(key, source.files()));
        }

        void remove(long key) {
            if (shelf != null) {
                shelf.remove(key);
            }
        }
    }

    private final WorkerProperties properties;
    private final BatchProperties batches;
    private final WorkerMetrics metrics;
    private final RuntimeFolder runtime;
    private final WorkerLauncher launcher;
    private final Walls walls;
    private final AtomicLong nextKey = new AtomicLong();
    private final Map<Framework, Shared> shared = new EnumMap<>(Framework.class);
    private final Set<WorkerProcess> living = ConcurrentHashMap.newKeySet();

    Workers(
            WorkerProperties properties,
            BatchProperties batches,
            EnergyEstimator energy,
            Walls walls,
            WorkerMetrics metrics)
            throws IOException {
        this.properties = properties;
        this.batches = batches;
        this.walls = walls;
        this.metrics = metrics;
        this.runtime = RuntimeFolder.create(properties.runtimeDir());
        this.launcher = new WorkerLauncher(properties, runtime, energy, walls);
        Shelf.clear(properties.platformDir());
        if (energy.isConfigured() && !ProcessCpu.isReadable()) {
            LOG.warn("the energy of calls is not known: this system has no CPU clock by process");
        }
    }

    /**
     * Loads a model and warms it up. Blocks. Afterwards nobody needs the source's files any more:
     * what of them the worker goes on reading it holds open or has mapped.
     *
     * @param name of the model, for operators
     * @param source its threads and the like are those of {@code execution}, or this node's
     * @param onLoaded runs between loading and warming up
     * @throws WorkerDiedException when the process ends or is killed at the load deadline
     * @throws EngineException when the engine refuses the model
     */
    public HostedModel host(
            String name,
            ModelSource source,
            Execution execution,
            Company company,
            int warmUpBatch,
            Runnable onLoaded) {
        requireDevice(execution.wantedDevice());
        Framework framework = source.framework();
        Means means = Means.of(properties, framework, execution);
        boolean alone = company != Company.PLATFORM || means.wantsOwnProcess();
        if (company == Company.ALONE) {
            requireWall(framework);
        }
        Shared home = alone ? alone(source, means.threads()) : join(framework);
        WorkerProcess worker = home.worker();
        long key = nextKey.incrementAndGet();
        Runnable unload = () -> unload(home, key);
        try {
            Deadline deadline = Deadline.in(properties.loadTimeout());
            Signature signature = load(worker, key, home.visible(key, source), means, deadline);
            onLoaded.run();
            Messages.Warm warm = warmUp(worker, new Messages.WarmUp(key, warmUpBatch), deadline);
            home.remove(key);
            return new HostedModel(
                    worker,
                    key,
                    new HostedModel.Warm(signature, warm.objection()),
                    metrics.of(name),
                    limits(means),
                    batches.rules(company != Company.ALONE, execution.wantedBatching()),
                    properties.cancelGrace(),
                    home.models()::get,
                    unload);
        } catch (RuntimeException e) {
            unload.run();
            throw e;
        }
    }

    /** An ONNX file is a graph of known operators; the others are programs, or read like ones. */
    private void requireWall(Framework framework) {
        if (walls.level() == WallLevel.NONE && framework != Framework.ONNX) {
            throw EngineException.failed(
                    "this node has no walls around models, so it runs no "
                            + framework
                            + " of tenants; its administrator can change that. "
                            + walls.fix(),
                    null);
        }
    }

    private void requireDevice(String device) {
        if (!devices().contains(device)) {
            throw EngineException.failed(
                    "this node has no " + device + "; it has " + String.join(", ", devices()),
                    null);
        }
    }

    /** On what models can be computed here. */
    public List<String> devices() {
        List<String> devices = new ArrayList<>(List.of(Execution.CPU));
        for (int gpu = 0; gpu < properties.gpus(); gpu++) {
            devices.add("GPU:" + gpu);
        }
        return devices;
    }

    /** Has a loaded model batch its calls otherwise, without loading it again. */
    public void batch(HostedModel model, Company company, Execution execution) {
        model.follow(batches.rules(company != Company.ALONE, execution.wantedBatching()));
    }

    /** What stands around tenants' models here, and how well. */
    public WallLevel wall() {
        return walls.level();
    }

    /** The same in words. */
    public String wallInWords() {
        return walls.words();
    }

    /** A copy of the model was unloaded to make room for another model. */
    public void countEviction(String model) {
        metrics.of(model).evicted();
    }

    /** A call had the model loaded. */
    public void countColdStart(String model) {
        metrics.of(model).startedCold();
    }

    /** A worker of the model died and another one takes its place. */
    public void countRestart(String model) {
        metrics.of(model).restarted();
    }

    private QueueLimits limits(Means means) {
        return new QueueLimits(
                means.instances(), properties.maxQueued(), properties.maxQueuedBytes().toBytes());
    }

    private Shared alone(ModelSource source, int threads) {
        List<Path> files = source.files().values().stream().map(Path::toAbsolutePath).toList();
        return new Shared(launch(files, threads), new AtomicInteger(1), null);
    }

    private WorkerProcess launch(List<Path> visible, int threads) {
        WorkerProcess worker = launcher.launch(visible, threads);
        living.add(worker);
        worker.death().thenRun(() -> living.remove(worker));
        return worker;
    }

    private synchronized Shared join(Framework framework) {
        Shared home = shared.get(framework);
        if (home == null || home.worker().death().isDone()) {
            Shelf shelf = Shelf.make(properties.platformDir());
            home =
                    new Shared(
                            launch(List.of(shelf.folder()), properties.threads()),
                            new AtomicInteger(),
                            shelf);
            home.worker().death().thenRun(shelf::remove);
            shared.put(framework, home);
        }
        home.models().incrementAndGet();
        return home;
    }

    private void unload(Shared home, long key) {
        synchronized (this) {
            if (home.models().decrementAndGet() == 0) {
                shared.values().remove(home);
                home.worker().kill();
                return;
            }
        }
        Deadline deadline = Deadline.in(properties.cancelGrace());
        ask(home.worker(), FrameType.UNLOAD, new Messages.Unload(key), deadline);
        home.remove(key);
    }

    private Signature load(
            WorkerProcess worker, long key, ModelSource source, Means means, Deadline deadline) {
        Map<String, String> files =
                source.files().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, file -> absolute(file.getValue())));
        Messages.Load load =
                new Messages.Load(
                        key,
                        source.framework(),
                        source.task(),
                        source.signature(),
                        source.settings(),
                        files,
                        means.threads(),
                        means.instances(),
                        means.copies(),
                        means.gpu());
        Frame loaded = ask(worker, FrameType.LOAD, load, deadline);
        try {
            return Messages.read(loaded.head(), Messages.Loaded.class).signature();
        } catch (ProtocolException e) {
            worker.kill();
            throw EngineException.failed("the worker does not say what it loaded", e);
        }
    }

    private static Messages.Warm warmUp(
            WorkerProcess worker, Messages.WarmUp wish, Deadline deadline) {
        Frame warm = ask(worker, FrameType.WARM_UP, wish, deadline);
        try {
            return Messages.read(warm.head(), Messages.Warm.class);
        } catch (ProtocolException e) {
            worker.kill();
            throw EngineException.failed("the worker does not say that the model is warm", e);
        }
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }

    /** Asks and waits; a worker that does not answer in time is killed. */
    private static Frame ask(
            WorkerProcess worker, FrameType type, Object message, Deadline deadline) {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        worker.energy().begin();
        try {
            worker.request(type, message, new Single(answer));
            return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            worker.kill();
            throw new WorkerDiedException(new WorkerDeath("did not finish in time", List.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.cancelled();
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new CompletionException(e.getCause());
        } catch (IOException e) {
            throw EngineException.failed("the worker cannot be told", e);
        } finally {
            worker.energy().end();
        }
    }

    /** One request with one answer. */
    private record Single(CompletableFuture<Frame> answer) implements WorkerProcess.Replies {
        @Override
        public void received(Frame frame) throws ProtocolException {
            switch (frame.type()) {
                case LOADED, WARM, RESULT -> answer.complete(frame);
                case FAILED -> {
                    Messages.Failed failed = Messages.read(frame.head(), Messages.Failed.class);
                    answer.completeExceptionally(
                            new EngineException(failed.code(), failed.message(), null));
                }
                default -> throw new ProtocolException("not an answer to this");
            }
        }

        @Override
        public void lost(WorkerDeath death) {
            answer.completeExceptionally(new WorkerDiedException(death));
        }
    }

    /** Longest wait for killed processes to be gone. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    @Override
    public void destroy() {
        CompletableFuture<?>[] deaths =
                living.stream()
                        .peek(WorkerProcess::kill)
                        .map(WorkerProcess::death)
                        .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(deaths)
                .completeOnTimeout(null, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        runtime.remove();
    }
}
