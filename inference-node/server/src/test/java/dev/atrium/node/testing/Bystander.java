package dev.atrium.node.testing;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Another tenant who calls a model of its own all the time and remembers what went wrong. */
public final class Bystander implements AutoCloseable {
    private final Supplier<HttpResponse<String>> call;
    private final Function<HttpResponse<String>, String> gist;
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread caller;
    private volatile @Nullable String first;
    private volatile boolean stopping;

    /** Of the model's owner. */
    public Bystander(RunningNode node, PlacementOrder model, String body) {
        this(node, model, model.tenantId().value(), body);
    }

    public Bystander(RunningNode node, PlacementOrder model, UUID tenant, String body) {
        this(
                () -> {
                    Grant own = node.registry().grant(model, Operation.INFER);
                    return node.send(NodeProtocol.INFER, Grants.forTenant(own, tenant), body);
                },
                HttpResponse::body);
    }

    /**
     * @param gist of an answer, which must be the same each time
     */
    public Bystander(
            Supplier<HttpResponse<String>> call, Function<HttpResponse<String>, String> gist) {
        this.call = call;
        this.gist = gist;
        this.caller = Thread.ofPlatform().name("bystander").start(this::run);
    }

    private void run() {
        while (!stopping) {
            try {
                look(call.get());
                calls.incrementAndGet();
                Thread.sleep(10);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                errors.add(e.toString());
            }
        }
    }

    private void look(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            errors.add(answer.statusCode() + " " + answer.body());
            return;
        }
        String now = gist.apply(answer);
        String before = first;
        if (before == null) {
            first = now;
        } else if (!before.equals(now)) {
            errors.add("first '" + before + "', then '" + now + "'");
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
