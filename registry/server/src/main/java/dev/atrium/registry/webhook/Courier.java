package dev.atrium.registry.webhook;

import dev.atrium.registry.api.webhook.WebhookEvent;
import dev.atrium.registry.delivery.Backoff;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.webhook.Outbox.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends what is in the outbox. Every registry does; an event is taken by one at a time. An answer
 * of 2xx is a delivery, everything else is tried again, later each time, until the event is too
 * old.
 */
@Component
class Courier {
    private static final Logger log = LoggerFactory.getLogger(Courier.class);
    static final int AT_ONCE = 20;

    private final Outbox outbox;
    private final Secrets secrets;
    private final WebhookProperties properties;
    private final Leadership leadership;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Post post;
    private final Backoff backoff;

    Courier(
            Outbox outbox,
            Secrets secrets,
            WebhookProperties properties,
            Leadership leadership,
            Clock clock,
            MeterRegistry meters,
            Post post) {
        this.outbox = outbox;
        this.secrets = secrets;
        this.properties = properties;
        this.leadership = leadership;
        this.clock = clock;
        this.meters = meters;
        this.post = post;
        this.backoff =
                new Backoff(
                        properties.firstRetry(),
                        properties.longestRetry(),
                        properties.giveUpAfter());
    }

    /** One slow receiver holds up the others for one attempt at most. */
    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        List<Taken> due = outbox.take(clock.instant(), AT_ONCE);
        if (due.isEmpty()) {
            return;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(each -> threads.submit(() -> deliver(each)));
        }
    }

    @Scheduled(initialDelayString = "PT6M", fixedDelayString = "PT1H")
    void forget() {
        if (leadership.isLeader()) {
            outbox.removeThoseBefore(clock.instant().minus(properties.keep()));
        }
    }

    private void deliver(Taken event) {
        try {
            Optional<String> failure = attempt(event);
            Instant now = clock.instant();
            meters.counter("atrium.webhooks", "result", failure.isEmpty() ? "delivered" : "failed")
                    .increment();
            if (failure.isEmpty()) {
                outbox.attempts().delivered(event.id(), now);
            } else if (backoff.isTooOld(event.createdAt(), now)) {
                log.warn("event {} could not be delivered: {}", event.eventId(), failure.get());
                outbox.attempts().givenUp(event.id(), failure.get());
            } else {
                outbox.attempts()
                        .failed(
                                event.id(),
                                failure.get(),
                                now.plus(backoff.pause(event.attempt())));
            }
        } catch (RuntimeException e) {
            log.error("event {} could not be sent and comes back", event.eventId(), e);
        }
    }

    /** Why it failed, in words for its owner; empty where it was delivered. */
    private Optional<String> attempt(Taken event) {
        try {
            URI uri = Target.parse(event.url(), properties.allowLoopback()).uri();
            int status = post.send(uri, headers(event), event.body());
            return status >= 200 && status < 300
                    ? Optional.empty()
                    : Optional.of("answered " + status);
        } catch (UnknownHostException e) {
            return Optional.of("the host is not known");
        } catch (PublicHosts.RefusedAddressException | InvalidRequestException e) {
            return Optional.of("the address is not allowed");
        } catch (SocketTimeoutException e) {
            return Optional.of("no answer in time");
        } catch (SSLException e) {
            return Optional.of("no trusted encryption");
        } catch (IOException e) {
            return Optional.of("no connection, or no HTTP answer in time");
        }
    }

    private Map<String, String> headers(Taken event) {
        byte[] secret = secrets.open(event.tenant(), event.secret());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(WebhookEvent.ID_HEADER, event.eventId().toString());
        headers.put(
                WebhookEvent.SIGNATURE_HEADER, Signature.of(secret, clock.instant(), event.body()));
        return headers;
    }
}
