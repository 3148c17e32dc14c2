package dev.atrium.gateway.health;

import dev.atrium.gateway.admission.InFlightCalls;
import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.quota.Quotas;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** The gateway's inner state as gauges. */
@Component
class GatewayGauges implements MeterBinder {
    private final Feed feed;
    private final Journal journal;
    private final InFlightCalls inFlight;
    private final Quotas quotas;

    GatewayGauges(Feed feed, Journal journal, InFlightCalls inFlight, Quotas quotas) {
        this.feed = feed;
        this.journal = journal;
        this.inFlight = inFlight;
        this.quotas = quotas;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("atrium.gateway.feed.age", feed, it -> it.age().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("time since the registry confirmed that nothing is newer")
                .register(meters);
        Gauge.builder("atrium.gateway.keys", feed, it -> it.keys().size()).register(meters);
        Gauge.builder("atrium.gateway.calls.in.flight", inFlight, InFlightCalls::count)
                .register(meters);
        Gauge.builder("atrium.gateway.quota.open", quotas, Quotas::open)
                .description("reservations and permits that calls hold")
                .register(meters);
        Gauge.builder("atrium.gateway.journal.open", journal, Journal::openCalls)
                .description("calls that are OPEN and not SETTLED")
                .register(meters);
        Gauge.builder("atrium.gateway.journal.writable", journal, it -> it.isOpen() ? 1 : 0)
                .description("1 while new calls are journalled, 0 while they are refused for it")
                .register(meters);
        Gauge.builder("atrium.gateway.journal.waiting", journal, Journal::waitingEnds)
                .description("ends of calls in memory that the disk does not take")
                .register(meters);
        Gauge.builder("atrium.gateway.journal.size", journal, Journal::sizeInBytes)
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("atrium.gateway.journal.damaged", journal, Journal::damagedFiles)
                .description("files that were damaged at the last start or found damaged since")
                .register(meters);
    }
}
