package dev.atrium.node.testing;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Another tenant who calls a model of its own all the time and remembers what went wrong. */
public final class Bystander implements AutoCloseable {
    private final RunningNode node;
    private final PlacementOrder model;
    private final UUID tenant;
    private final String body;
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread caller;
    private volatile boolean stopping;

    /** Of the model's owner. */
    public Bystander(RunningNode node, PlacementOrder model, String body) {
        this(node, model, model.tenantId().value(), body);
    }

    public Bystander(RunningNode node, PlacementOrder model, UUID tenant, String body) {
        this.tenant = tenant;
        this.node = node;
        this.model = model;
        this.body = body;
        this.caller = Thread.ofPlatform().name("bystander").start(this::run);
    }

    private void run() {
        while (!stopping) {
            try {
                Grant own = node.registry().grant(model, Operation.INFER);
                var response = node.send(NodeProtocol.INFER, Grants.forTenant(own, tenant), body);
                calls.incrementAndGet();
                if (response.statusCode() != 200) {
                    errors.add(response.statusCode() + " " + response.body());
                }
                Thread.sleep(10);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                errors.add(e.toString());
            }
        }
    }

    public int calls() {
        return calls.get();
    }

    public List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            caller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
