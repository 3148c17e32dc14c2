package dev.atrium.gateway.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.SignalType;

/**
 * One line per request, or per request that did not end well: what was asked, how it ended, and
 * what the call used. Never headers, bodies or query strings. The ledger knows every call anyway.
 */
@Component
class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.atrium.gateway.access");

    private final boolean logsEverything;

    AccessLog(WebProperties properties) {
        this.logsEverything = properties.accessLog() == WebProperties.AccessLog.ALL;
    }

    void write(Exchange exchange, SignalType end, long startedAt) {
        boolean wentWell = end == SignalType.ON_COMPLETE && exchange.status() < 400;
        if (wentWell && !logsEverything || !LOG.isInfoEnabled()) {
            return;
        }
        StringBuilder line = new StringBuilder(256);
        line.append(exchange.method())
                .append(' ')
                .append(Exchange.printable(exchange.rawPath()))
                .append(" status=")
                .append(
                        end == SignalType.CANCEL && exchange.status() == 0
                                ? 499
                                : exchange.status())
                .append(" ms=")
                .append((System.nanoTime() - startedAt) / 1_000_000)
                .append(" request=")
                .append(exchange.id())
                .append(" client=")
                .append(exchange.clientAddress());
        exchange.notes()
                .forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        LOG.info("{}", line);
    }
}
