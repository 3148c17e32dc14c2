package dev.atrium.registry.statement;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementMonth;
import dev.atrium.registry.api.statement.StatementSummary;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A tenant's own statements. Days are UTC. */
@RestController
@RequestMapping("/api/v1")
@PreAuthorize("hasAuthority('SCOPE_usage:read')")
class StatementController {
    private final StatementReader reader;
    private final AdjustmentService adjustments;

    StatementController(StatementReader reader, AdjustmentService adjustments) {
        this.reader = reader;
        this.adjustments = adjustments;
    }

    @GetMapping("/statements")
    Page<StatementSummary> list(
            Caller caller,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            PageRequest page) {
        return reader.list(caller.tenantId(), from, to, page);
    }

    @GetMapping("/statements/{day}")
    Statement get(Caller caller, @PathVariable LocalDate day) {
        return reader.get(caller.tenantId(), day);
    }

    @GetMapping(value = "/statements/{day}/document", produces = MediaType.APPLICATION_JSON_VALUE)
    String document(Caller caller, @PathVariable LocalDate day) {
        return reader.document(caller.tenantId(), day);
    }

    @GetMapping("/statements/months/{month}")
    StatementMonth month(Caller caller, @PathVariable YearMonth month) {
        return reader.month(caller.tenantId(), month);
    }

    @GetMapping("/usage/adjustments")
    Page<Adjustment> adjustments(Caller caller, PageRequest page) {
        return adjustments.list(caller.tenantId(), page);
    }
}
