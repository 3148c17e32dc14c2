package dev.atrium.node.model;

import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.registry.RegistryRefusalException;
import dev.atrium.node.registry.RegistryUnavailableException;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.node.worker.WorkerDeath;
import dev.atrium.node.worker.WorkerDiedException;
import dev.atrium.node.worker.Workers;
import dev.atrium.node.worker.Workers.Company;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.WarmUpFile;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of a version and the thread that brings it to life and keeps it there.
 *
 * <p>Wait for memory, fetch, load, warm up, serve until the worker dies, another copy needs the
 * room or no call came for long enough, and again; a copy that calls load waits for one first.
 * Deaths while loading or warming up are counted: a version that always kills its worker ends as
 * FAILED.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final int MAX_REFUSED_FETCHES = 8;
    private static final String ONE_BY_ONE = "calls are computed one by one: ";
    private static final String GOES_ON = "goes on with its former settings: ";
    private static final Duration ROOM_CHECK = Duration.ofMillis(200);
    private static final Duration IDLE_CHECK = Duration.ofSeconds(1);

    private final ArtifactCache cache;
    private final Workers workers;
    private final WarmUpCalls warmUpCalls;
    private final MemoryPlace place;
    private final ModelMemory memory;
    private final ModelProperties properties;
    private final Runnable onChange;
    private final Suspects suspects;
    private final CompletableFuture<String> condemned = new CompletableFuture<>();
    private final CompletableFuture<Void> unwanted = new CompletableFuture<>();
    private final ColdStart coldStart = new ColdStart();
    private volatile PlacementOrder order;
    private volatile CompletableFuture<Void> reordered = new CompletableFuture<>();
    private volatile ReplicaState state = ReplicaState.PENDING;
    private volatile @Nullable String reason;
    private volatile @Nullable HostedModel hosted;
    private volatile CompletableFuture<Void> changed = new CompletableFuture<>();
    private volatile @Nullable String remark;
    private Execution loadedWith = Execution.DEFAULT;
    private Execution renewing = Execution.DEFAULT;
    private boolean mustLeaveFirst;
    private int deaths;
    private int deathsInARow;
    private int failedFetches;

    Replica(
            PlacementOrder order,
            ArtifactCache cache,
            Workers workers,
            WarmUpCalls warmUpCalls,
            ModelMemory memory,
            ModelProperties properties,
            Runnable onChange) {
        this.order = order;
        this.cache = cache;
        this.workers = workers;
        this.warmUpCalls = warmUpCalls;
        this.memory = memory;
        this.properties = properties;
        this.onChange = onChange;
        this.place =
                new MemoryPlace(
                        memory,
                        properties.leastStay(),
                        this::order,
                        this::residentBytes,
                        () -> state == ReplicaState.READY && inFlight() == 0,
                        coldStart::isCalled);
        this.suspects = new Suspects(this::loadAside, properties, this::diedAside);
    }

    public PlacementOrder order() {
        return order;
    }

    /**
     * Goes on with another order for the same placement.
     *
     * @return false when that takes another copy
     */
    boolean follow(@Nullable PlacementOrder next) {
        if (next == null
                || !next.equals(
                        order.staying(next.pinned(), next.idleSeconds())
                                .withExecution(next.execution()))) {
            return false;
        }
        if (!next.equals(order)) {
            boolean isComputedOtherwise = !next.computedBy().equals(order.computedBy());
            order = next;
            if (isComputedOtherwise) {
                batch(hosted);
                changed.complete(null);
            }
            CompletableFuture<Void> change = reordered;
            reordered = new CompletableFuture<>();
            change.complete(null);
        }
        return true;
    }

    public ReplicaState state() {
        return state;
    }

    /** The loaded model; empty unless READY. */
    public Optional<HostedModel> serving() {
        return state == ReplicaState.READY ? Optional.ofNullable(hosted) : Optional.empty();
    }

    /** What this tenant's calls go to: mostly the same; empty unless it is ready for them. */
    public Optional<HostedModel> servingFor(TenantId tenant) {
        place.used();
        Optional<Aside> aside = suspects.of(tenant);
        return state == ReplicaState.READY && aside.isPresent() ? aside.get().serving() : serving();
    }

    /**
     * A call came while the copy was not READY: it is loaded for it.
     *
     * @return how long that may take; empty when calls do not load this copy
     */
    public Optional<Duration> call() {
        if (!isOnCall()) {
            return Optional.empty();
        }
        coldStart.call();
        return Optional.of(coldStart.expected());
    }

    /** Whether a call has it loaded when it is not READY. */
    public boolean isOnCall() {
        boolean isLoadedByCalls = order.longestIdle().isPresent() || place.hasMadeWay();
        return isLoadedByCalls && !unwanted.isDone() && state != ReplicaState.FAILED;
    }

    /**
     * Runs {@code told} whenever the copy becomes READY, or never will any more.
     *
     * @return ends that
     */
    public Runnable whenNews(Runnable told) {
        return coldStart.whenNews(told);
    }

    /**
     * A call of the tenant goes to the worker.
     *
     * @return whether it is there with others, so that its end must be told by {@link #ended}
     */
    public boolean began(TenantId tenant, HostedModel model) {
        boolean isShared = model.equals(hosted);
        if (isShared) {
            suspects.began(tenant);
        }
        return isShared;
    }

    /** The shared worker has no hand in a call of the tenant any more. */
    public void ended(TenantId tenant) {
        place.used();
        suspects.ended(tenant);
    }

    /** Calls that wait or run. */
    int inFlight() {
        return serving().map(HostedModel::inFlight).orElse(0) + suspects.inFlight();
    }

    ReplicaReport report() {
        HostedModel model = hosted;
        return new ReplicaReport(
                order.placementId(),
                state,
                model == null ? reason : remarkOn(model),
                residentBytes(),
                model == null || model.signature().equals(Signature.UNKNOWN)
                        ? null
                        : model.signature());
    }

    private @Nullable String remarkOn(HostedModel model) {
        return remark != null ? remark : model.objection().map(ONE_BY_ONE::concat).orElse(null);
    }

    /** Blocks until the copy is not wanted any more. */
    void live() {
        while (!unwanted.isDone() && state != ReplicaState.FAILED) {
            try {
                sleep();
                if (place.enter(unwanted, this::waits)) {
                    reason = null;
                    coldStart.begins();
                    serve(loaded());
                }
            } catch (WorkerDiedException e) {
                died(e.death());
            } catch (EngineException
                    | CorruptArtifactException
                    | DiskFullException
                    | NoRoomException e) {
                fail(String.valueOf(e.getMessage()));
            } catch (RegistryUnavailableException | RegistryRefusalException | IOException e) {
                fetchFailed(e);
            } catch (RuntimeException e) {
                LOG.error("replica of {} version {} fails", order.model(), order.version(), e);
                fail("the node could not load the version; its log says more");
            } finally {
                coldStart.fails();
                place.leave();
            }
        }
        coldStart.tell();
        suspects.retire();
        unwanted.join();
    }

    /** Until it is called, where it is loaded by calls. Blocks. */
    private void sleep() {
        CompletableFuture<Void> change = reordered;
        while (order.longestIdle().isPresent() && !coldStart.isCalled() && !unwanted.isDone()) {
            reason = null;
            become(ReplicaState.UNLOADED);
            CompletableFuture.anyOf(unwanted, coldStart.nextCall(), change).join();
            change = reordered;
        }
    }

    /** Takes no new calls, lets the running ones finish, frees the memory. */
    void retire() {
        unwanted.complete(null);
        coldStart.tell();
    }

    private void waits(String words) {
        reason = words;
        become(isOnCall() ? ReplicaState.UNLOADED : ReplicaState.PENDING);
        rest(ROOM_CHECK);
    }

    private long residentBytes() {
        HostedModel model = hosted;
        return (model == null ? 0 : model.residentBytes()) + suspects.residentBytes();
    }

    private HostedModel loaded() throws IOException {
        try (OpenedFiles opened = fetch()) {
            return load(opened.files());
        }
    }

    private OpenedFiles fetch() throws IOException {
        if (state == ReplicaState.PENDING || state == ReplicaState.UNLOADED) {
            become(ReplicaState.FETCHING);
        }
        OpenedFiles opened = cache.open(order.files());
        failedFetches = 0;
        return opened;
    }

    private HostedModel load(Map<String, Path> files) {
        return warmed(loadModel(files), files);
    }

    private HostedModel warmed(HostedModel model, Map<String, Path> files) {
        Path calls = files.get(WarmUpFile.NAME);
        if (calls == null) {
            return model;
        }
        try {
            warmUpCalls.make(model, order, calls);
            return model;
        } catch (RuntimeException e) {
            model.unload();
            throw e;
        }
    }

    private HostedModel loadModel(Map<String, Path> files) {
        become(ReplicaState.LOADING);
        loadedWith = order.computedBy();
        return load(files, loadedWith, company(), () -> become(ReplicaState.WARMING_UP));
    }

    /** A model that has killed the platform's worker once goes on alone. */
    private Company company() {
        Company ofPlatform = deaths == 0 ? Company.PLATFORM : Company.PLATFORM_ALONE;
        return order.platformOwned() ? ofPlatform : Company.ALONE;
    }

    private HostedModel loadBeside(Execution execution) throws IOException {
        try (OpenedFiles opened = cache.open(order.files())) {
            HostedModel model = load(opened.files(), execution, company(), () -> {});
            return warmed(model, opened.files());
        }
    }

    private HostedModel loadAside() throws IOException {
        try (OpenedFiles opened = cache.open(order.files())) {
            return load(
                    opened.files(),
                    order.computedBy(),
                    order.platformOwned() ? Company.PLATFORM_ALONE : Company.ALONE,
                    () -> {});
        }
    }

    private HostedModel load(
            Map<String, Path> files, Execution execution, Company company, Runnable onLoaded) {
        Map<String, Path> ofModel = new HashMap<>(files);
        ofModel.remove(WarmUpFile.NAME);
        ModelSource source =
                new ModelSource(
                        order.framework(),
                        order.task(),
                        order.signature(),
                        order.settings(),
                        ofModel,
                        1,
                        1);
        Integer batch = order.settings().warmUpBatch();
        return workers.host(
                order.model().toString(),
                source,
                execution,
                company,
                batch == null ? 1 : Math.clamp(batch, 1, 64),
                onLoaded);
    }

    private void serve(HostedModel first) {
        take(first);
        remark = null;
        mustLeaveFirst = false;
        CompletableFuture<Occupant> displaced = place.settle();
        deaths = 0;
        first.objection().ifPresent(this::computesAlone);
        long since = System.nanoTime();
        if (coldStart.isCalled()) {
            workers.countColdStart(order.model().toString());
        }
        become(ReplicaState.READY);
        coldStart.succeeds();
        coldStart.tell();
        HostedModel model = serveRenewed(first, displaced);
        place.measure();
        if (unwanted.isDone()) {
            become(ReplicaState.DRAINING);
            suspects.retire();
            Drain.unload(model, properties.drainTimeout());
            hosted = null;
        } else if (condemned.isDone()) {
            hosted = null;
            fail(condemned.join());
            suspects.retire();
            Drain.unload(model, properties.drainTimeout());
        } else if (displaced.isDone()) {
            makeWay(model, displaced.join());
        } else if (state == ReplicaState.UNLOADED) {
            LOG.info("{} version {} is not called", order.model(), order.version());
            unload(model);
        } else if (mustLeaveFirst) {
            become(ReplicaState.DRAINING);
            unload(model);
        } else {
            hosted = null;
            become(ReplicaState.LOADING);
            diedServing(model.death().join(), Duration.ofNanos(System.nanoTime() - since));
        }
    }

    private void take(HostedModel model) {
        suspects.follow(model);
        hosted = model;
        batch(model);
    }

    private void batch(@Nullable HostedModel model) {
        if (model != null) {
            workers.batch(model, company(), order.computedBy());
        }
    }

    /**
     * Serves until it has to end, each time that other settings are wanted by a new worker.
     *
     * @return the last one
     */
    private HostedModel serveRenewed(HostedModel first, CompletableFuture<Occupant> displaced) {
        HostedModel model = first;
        Renewal renewal = null;
        while (true) {
            CompletableFuture<?> end =
                    CompletableFuture.anyOf(unwanted, condemned, displaced, model.death());
            CompletableFuture<?> renewed =
                    renewal == null ? changed : CompletableFuture.anyOf(changed, renewal.outcome());
            stay(CompletableFuture.anyOf(end, renewed));
            if (end.isDone() || state == ReplicaState.UNLOADED) {
                if (renewal != null) {
                    renewal.abandon();
                }
                return model;
            }
            if (changed.isDone()) {
                renewal = renew(renewal);
                continue;
            }
            model = follow(model, Objects.requireNonNull(renewal));
            renewal = null;
            if (mustLeaveFirst) {
                return model;
            }
        }
    }

    /** Begins what the settings of now ask for; null when the worker of now is right for them. */
    private @Nullable Renewal renew(@Nullable Renewal before) {
        changed = new CompletableFuture<>();
        remark = null;
        if (before != null) {
            before.abandon();
        }
        Execution wanted = order.computedBy();
        if (wanted.loadsLike(loadedWith)) {
            onChange.run();
            return null;
        }
        renewing = wanted;
        return new Renewal(memory, properties, this::order, () -> loadBeside(wanted));
    }

    private HostedModel follow(HostedModel model, Renewal renewal) {
        switch (renewal.outcome().join()) {
            case Renewal.Outcome.Loaded(HostedModel next) -> {
                LOG.info("{} version {} has other settings", order.model(), order.version());
                loadedWith = renewing;
                take(next);
                renewal.replaces(model, next, properties);
                onChange.run();
                return next;
            }
            case Renewal.Outcome.NoRoom() -> mustLeaveFirst = true;
            case Renewal.Outcome.Failed(String why) -> {
                remark = GOES_ON + why;
                onChange.run();
            }
        }
        return model;
    }

    private void makeWay(HostedModel model, Occupant other) {
        LOG.info("{} version {} makes way for {}", order.model(), order.version(), other.model());
        coldStart.forget();
        become(ReplicaState.UNLOADED);
        unload(model);
        workers.countEviction(order.model().toString());
    }

    private void unload(HostedModel model) {
        suspects.rest();
        Drain.unload(model, properties.drainTimeout());
        hosted = null;
    }

    /** Serves until the end, or until no call came for as long as may be: then it is UNLOADED. */
    private void stay(CompletableFuture<Object> end) {
        CompletableFuture<Void> change = reordered;
        CompletableFuture<Object> news = CompletableFuture.anyOf(end, change);
        while (!end.isDone() && state == ReplicaState.READY) {
            Optional<Duration> left = order.longestIdle().map(this::left);
            if (left.isEmpty()) {
                news.join();
            } else if (left.get().isPositive()) {
                rest(news, left.get());
            } else {
                coldStart.forget();
                become(ReplicaState.UNLOADED);
                // A call that came before this has seen it READY, and is seen here.
                if (left(order.longestIdle().orElse(Duration.ZERO)).isPositive()) {
                    become(ReplicaState.READY);
                }
            }
            if (change.isDone()) {
                change = reordered;
                news = CompletableFuture.anyOf(end, change);
            }
        }
    }

    /** Of its time without calls; while there are some the end is not in sight. */
    private Duration left(Duration longestIdle) {
        return inFlight() > 0 ? IDLE_CHECK : longestIdle.minus(place.unused());
    }

    private void computesAlone(String objection) {
        LOG.info(
                "calls of {} version {} are computed one by one: {}",
                order.model(),
                order.version(),
                objection);
    }

    /** The first restart is immediate; calls that kill again and again must not burn the node. */
    private void diedServing(WorkerDeath death, Duration served) {
        LOG.warn(
                "worker of {} version {} {}; starting another",
                order.model(),
                order.version(),
                death.cause());
        workers.countRestart(order.model().toString());
        deathsInARow = served.compareTo(ModelProperties.STABLE) > 0 ? 0 : deathsInARow + 1;
        if (deathsInARow > 1) {
            rest(properties.backOff(deathsInARow - 1));
        }
    }

    /** Only the owner's own calls speak against a version. */
    private void diedAside(TenantId tenant, Aside.Record record) {
        if (tenant.equals(order.tenantId()) && record.deaths() >= properties.maxDeaths()) {
            condemned.complete(Suspects.verdict(record.last()));
        }
    }

    private void died(WorkerDeath death) {
        deaths++;
        String words = "the worker " + death.cause() + " while loading or warming up";
        LOG.warn("{} version {}: {} ({})", order.model(), order.version(), words, deaths);
        if (deaths >= properties.maxDeaths()) {
            fail(words + Suspects.lastWords(death));
        } else {
            workers.countRestart(order.model().toString());
            rest(properties.backOff(deaths));
        }
    }

    private void fetchFailed(Exception e) {
        boolean refused = e instanceof RegistryRefusalException;
        failedFetches++;
        LOG.warn("{} version {}: {}", order.model(), order.version(), e.getMessage());
        if (refused && failedFetches >= MAX_REFUSED_FETCHES) {
            fail("the registry does not hand out the version's files");
        } else {
            rest(properties.backOff(failedFetches));
        }
    }

    /** Waits, but not longer than the copy is wanted. */
    private void rest(Duration pause) {
        rest(unwanted, pause);
    }

    private static void rest(CompletableFuture<?> end, Duration longest) {
        try {
            end.get(longest.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed with an error", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String why) {
        reason = why;
        LOG.warn("{} version {} FAILED: {}", order.model(), order.version(), why);
        become(ReplicaState.FAILED);
        coldStart.tell();
    }

    private void become(ReplicaState next) {
        if (state != next) {
            state = next;
            onChange.run();
        }
    }
}
