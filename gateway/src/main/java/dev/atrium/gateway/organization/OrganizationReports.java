package dev.atrium.gateway.organization;

import dev.atrium.gateway.authentication.Caller;
import dev.atrium.gateway.call.Gatekeeper;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Answers the reports, for callers who may read the usage of their tenant. */
@Component
public class OrganizationReports implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(OrganizationReports.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Gatekeeper gatekeeper;
    private final RegistrySums sums;
    private final Clock clock;
    private final Semaphore places;
    private final ExecutorService waiting =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("atrium-organization-", 0).factory());
    private final Scheduler scheduler = Schedulers.fromExecutorService(waiting);

    OrganizationReports(
            Gatekeeper gatekeeper,
            RegistrySums sums,
            Clock clock,
            OrganizationProperties properties) {
        this.gatekeeper = gatekeeper;
        this.sums = sums;
        this.clock = clock;
        this.places = new Semaphore(properties.atOnce());
    }

    public Mono<Void> answer(Exchange exchange, ReportKind kind) {
        Caller caller = gatekeeper.authenticate(exchange);
        gatekeeper.requireUsageRead(caller);
        return gatekeeper
                .countRequest(exchange, caller)
                .flatMap(counted -> counted(exchange, counted, kind));
    }

    private Mono<Void> counted(Exchange exchange, Caller caller, ReportKind kind) {
        Question question =
                Parameters.read(kind, exchange.parameters(), caller.tenantSlug(), clock.instant());
        return Mono.fromCallable(() -> report(caller, question))
                .subscribeOn(scheduler)
                .publishOn(exchange.eventLoop())
                .flatMap(body -> exchange.answerJson(200, body));
    }

    /**
     * On a thread of its own; the place is free when the registry has answered, whoever listens.
     */
    private byte[] report(Caller caller, Question question) throws InterruptedException {
        if (!places.tryAcquire()) {
            throw Refusal.retryable(
                            Refusal.Reason.OVERLOADED,
                            "too many reports are asked for at the same time; try again",
                            SOON)
                    .asException();
        }
        try {
            return Json.write(Buckets.page(question, sums.of(caller.tenantId(), question)));
        } catch (RegistryException e) {
            LOG.debug("no report of usage for tenant {}: {}", caller.tenantSlug(), e.getMessage());
            throw Refusal.retryable(
                            Refusal.Reason.UNAVAILABLE,
                            "the usage of your organization cannot be read at the moment; try"
                                    + " again",
                            LATER)
                    .asException();
        } finally {
            places.release();
        }
    }

    @Override
    public void destroy() {
        scheduler.dispose();
        waiting.shutdownNow();
    }
}
