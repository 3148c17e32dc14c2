package dev.atrium.registry.mail;

import dev.atrium.registry.delivery.Backoff;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.mail.MailOutbox.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends the letters. Every registry does; a letter is taken by one at a time. What the server does
 * not take is tried again, later each time; an address that it refuses for good is not.
 */
@Component
class MailCourier {
    private static final Logger log = LoggerFactory.getLogger(MailCourier.class);
    private static final int AT_ONCE = 5;
    private static final int EVENTS_AT_ONCE = 100;

    private final MailOutbox outbox;
    private final LetterWriter writer;
    private final MailServer server;
    private final MailProperties properties;
    private final Leadership leadership;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Backoff backoff;

    MailCourier(
            MailOutbox outbox,
            LetterWriter writer,
            MailServer server,
            MailProperties properties,
            Leadership leadership,
            Clock clock,
            MeterRegistry meters) {
        this.outbox = outbox;
        this.writer = writer;
        this.server = server;
        this.properties = properties;
        this.leadership = leadership;
        this.clock = clock;
        this.meters = meters;
        this.backoff =
                new Backoff(
                        properties.firstRetry(),
                        properties.longestRetry(),
                        properties.giveUpAfter());
    }

    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        if (!properties.isOn()) {
            return;
        }
        outbox.address(EVENTS_AT_ONCE);
        List<Taken> due = outbox.take(clock.instant(), AT_ONCE);
        if (due.isEmpty()) {
            return;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(each -> threads.submit(() -> deliver(each)));
        }
    }

    @Scheduled(initialDelayString = "PT7M", fixedDelayString = "PT1H")
    void forget() {
        if (leadership.isLeader()) {
            outbox.removeThoseBefore(clock.instant().minus(properties.keep()));
        }
    }

    private void deliver(Taken taken) {
        try {
            Letter letter =
                    writer.write(
                            taken.type(),
                            taken.body(),
                            taken.tenant(),
                            taken.unit(),
                            taken.currency());
            note(taken, server.send(taken.id(), taken.address(), letter));
        } catch (RuntimeException e) {
            log.error("letter {} could not be sent and comes back", taken.id(), e);
        }
    }

    private void note(Taken taken, MailServer.Sent sent) {
        Instant now = clock.instant();
        switch (sent) {
            case MailServer.Sent.Taken() -> {
                count("sent");
                outbox.attempts().delivered(taken.id(), now);
            }
            case MailServer.Sent.Never(String why) -> giveUp(taken, why);
            case MailServer.Sent.Later(String why) -> {
                if (backoff.isTooOld(taken.createdAt(), now)) {
                    giveUp(taken, why);
                } else {
                    log.info("letter {} is tried again later: {}", taken.id(), why);
                    count("failed");
                    outbox.attempts()
                            .failed(taken.id(), why, now.plus(backoff.pause(taken.attempt())));
                }
            }
        }
    }

    private void giveUp(Taken taken, String why) {
        log.warn("letter {} is given up: {}", taken.id(), why);
        count("given_up");
        outbox.attempts().givenUp(taken.id(), why);
    }

    private void count(String result) {
        meters.counter("atrium.mails", "result", result).increment();
    }
}
