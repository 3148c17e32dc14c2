package dev.atrium.node.model;

import dev.atrium.node.memory.NodeMemory;
import dev.atrium.node.worker.Workers;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Service;

/** Every copy on this node; makes what is from what should be. */
@Service
public class Replicas implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    private final ArtifactCache cache;
    private final Workers workers;
    private final WarmUpCalls warmUpCalls;
    private final ModelProperties properties;
    private final ModelMemory memory;
    private final PlacementsFile file;
    private final Map<PlacementId, Replica> replicas = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    Replicas(
            ArtifactCache cache,
            Workers workers,
            WarmUpCalls warmUpCalls,
            ModelProperties properties,
            NodeMemory memory) {
        this.warmUpCalls = warmUpCalls;
        this.cache = cache;
        this.workers = workers;
        this.properties = properties;
        this.memory = new ModelMemory(memory::forModels, memory::available);
        this.file = new PlacementsFile(properties.placementsFile());
    }

    /** Begins with what the node held before, without waiting for the registry. */
    @Override
    public void start() {
        running = true;
        List<PlacementOrder> known = file.read();
        if (!known.isEmpty()) {
            LOG.info("loading {} models from before", known.size());
            cache.keep(digests(known));
            known.forEach(this::hold);
        }
    }

    /** Runs after every change of any copy's state. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** What should be held from now on; everything else is drained and unloaded. */
    public synchronized void apply(List<PlacementOrder> placements) {
        if (!running) {
            return;
        }
        Map<PlacementId, PlacementOrder> wanted =
                placements.stream()
                        .collect(
                                Collectors.toMap(
                                        PlacementOrder::placementId,
                                        Function.identity(),
                                        (one, same) -> one));
        cache.keep(digests(placements));
        Map<PlacementId, Replica> held = new HashMap<>(replicas);
        held.forEach((id, replica) -> {
            if (!replica.follow(wanted.get(id))) {
                replica.retire();
            }
        });
        wanted.forEach((id, order) -> {
            if (!held.containsKey(id)) {
                hold(order);
            }
        });
        file.write(placements);
    }

    private static Set<String> digests(List<PlacementOrder> placements) {
        return placements.stream()
                .flatMap(order -> order.files().stream())
                .map(ModelFile::sha256)
                .collect(Collectors.toSet());
    }

    private void hold(PlacementOrder order) {
        Replica replica =
                new Replica(
                        order,
                        cache,
                        workers,
                        warmUpCalls,
                        memory,
                        properties,
                        () -> listeners.forEach(Runnable::run));
        replicas.put(order.placementId(), replica);
        Thread.ofVirtual()
                .name("replica-" + order.placementId())
                .start(() -> {
                    replica.live();
                    replicas.remove(order.placementId(), replica);
                    listeners.forEach(Runnable::run);
                });
    }

    /** A copy of the version, READY if there is one. */
    public Optional<Replica> find(ModelVersionId version) {
        Replica found = null;
        for (Replica replica : replicas.values()) {
            if (replica.order().versionId().equals(version)) {
                if (replica.state() == ReplicaState.READY) {
                    return Optional.of(replica);
                }
                found = replica;
            }
        }
        return Optional.ofNullable(found);
    }

    public List<ReplicaReport> reports() {
        return replicas.values().stream().map(Replica::report).toList();
    }

    /** Calls that wait or run on this node. */
    public int inFlight() {
        return replicas.values().stream().mapToInt(Replica::inFlight).sum();
    }

    @Override
    public synchronized void stop() {
        running = false;
        replicas.values().forEach(Replica::retire);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
