package dev.atrium.node.registration;

import dev.atrium.node.inference.GrantKeys;
import dev.atrium.node.memory.NodeMemory;
import dev.atrium.node.model.RefusedFiles;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.registry.RegistryClient;
import dev.atrium.node.registry.RegistryRefusalException;
import dev.atrium.node.registry.RegistryUnavailableException;
import dev.atrium.node.usage.UsageJournal;
import dev.atrium.node.worker.Workers;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.api.node.ReplicaReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Service;

/** The heartbeat loop. */
@Service
class Registration implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final RegistryClient registry;
    private final Replicas replicas;
    private final RefusedFiles refused;
    private final Workers workers;
    private final NodeMemory memory;
    private final UsageJournal journal;
    private final GrantKeys grantKeys;
    private final RegistrationProperties properties;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean running;
    private volatile boolean registered;
    private boolean failing;

    Registration(
            RegistryClient registry,
            Replicas replicas,
            RefusedFiles refused,
            Workers workers,
            NodeMemory memory,
            UsageJournal journal,
            GrantKeys grantKeys,
            RegistrationProperties properties) {
        this.registry = registry;
        this.replicas = replicas;
        this.refused = refused;
        this.workers = workers;
        this.memory = memory;
        this.journal = journal;
        this.grantKeys = grantKeys;
        this.properties = properties;
        replicas.onChange(news::release);
    }

    /** Whether a registry has answered a heartbeat since this start. */
    boolean isRegistered() {
        return registered;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("heartbeat").start(this::run);
    }

    private void run() {
        Duration pause = properties.heartbeat();
        while (running) {
            try {
                beat();
                pause = properties.heartbeat();
                failing = false;
            } catch (RegistryUnavailableException
                    | RegistryRefusalException
                    | IllegalStateException e) {
                complain(e);
                pause = longer(pause);
            } catch (RuntimeException e) {
                LOG.error("a heartbeat fails", e);
                pause = longer(pause);
            }
            awaitNews(pause);
        }
    }

    private void beat() {
        NodeCapacity capacity =
                new NodeCapacity(
                        Runtime.getRuntime().availableProcessors(),
                        memory.forModels(),
                        workers.wallInWords(),
                        workers.wall(),
                        workers.devices());
        registry.join(capacity);
        List<ReplicaReport> reports = replicas.reports();
        List<RefusedFile> files = refused.waiting();
        NodeHeartbeat heartbeat =
                new NodeHeartbeat(
                        registry.nodeUrl(),
                        capacity,
                        reports.stream().mapToLong(ReplicaReport::residentBytes).sum(),
                        replicas.inFlight(),
                        reports,
                        journal.shippedThrough(),
                        files);
        NodeHeartbeatReply reply =
                registry.post("/nodes/heartbeat", heartbeat, NodeHeartbeatReply.class);
        refused.told(files);
        follow(reply);
    }

    private void follow(NodeHeartbeatReply reply) {
        registry.observed(reply.registryTime());
        if (reply.newCredential() != null) {
            registry.renew(reply.newCredential());
        }
        grantKeys.replace(reply.grantKeys());
        replicas.apply(reply.placements());
        registered = true;
    }

    private void complain(RuntimeException e) {
        if (!failing) {
            LOG.warn("no heartbeat: {}", e.getMessage());
        }
        failing = true;
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void awaitNews(Duration longest) {
        try {
            if (news.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    @Override
    public void stop() {
        running = false;
        news.release();
    }

    /** Outlives the web server: gateways hear that copies drain while calls finish. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
