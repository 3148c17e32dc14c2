package dev.atrium.registry.statement;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.AdjustmentKind;
import dev.atrium.registry.api.statement.CreateAdjustment;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.usage.LedgerDays;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Posts corrections and credits: rows of their own beside the ledger, on the statement of the day
 * that is open. Quotas and the hourly sums stay as the calls left them.
 */
@Component
class AdjustmentService {
    private static final long MAX_AMOUNT = 1_000_000_000_000_000L;
    private static final int MAX_REASON = 1_000;

    /** A statement holds all of its adjustments. */
    private static final int MAX_PER_STATEMENT = 1_000;

    private final AdjustmentStore store;
    private final JdbcClient jdbc;
    private final LedgerDays days;
    private final AuditLog audit;
    private final Paging paging;
    private final Clock clock;

    AdjustmentService(
            AdjustmentStore store,
            JdbcClient jdbc,
            LedgerDays days,
            AuditLog audit,
            Paging paging,
            Clock clock) {
        this.store = store;
        this.jdbc = jdbc;
        this.days = days;
        this.audit = audit;
        this.paging = paging;
        this.clock = clock;
    }

    @Transactional("platformTransactionManager")
    public Adjustment post(TenantId tenant, String approver, CreateAdjustment wish) {
        AdjustmentStore.Wish checked = checked(tenant, wish);
        days.keepOpen();
        LocalDate open = days.open();
        if (store.count(tenant, open) >= MAX_PER_STATEMENT) {
            throw new StatementFullException(open, MAX_PER_STATEMENT);
        }
        Adjustment posted = store.add(tenant, open, checked, approver);
        audit.record(
                tenant,
                "usage.adjusted",
                "adjustment:" + posted.id(),
                posted.kind() + " on " + posted.day() + ": " + posted.reason());
        return posted;
    }

    /** Newest first; of the tenant in scope. */
    @Transactional(readOnly = true)
    public Page<Adjustment> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("usage-adjustments", request);
        List<Adjustment> rows =
                jdbc.sql(
                                """
                                SELECT * FROM usage_adjustment WHERE tenant_id = ? AND id < ?
                                ORDER BY id DESC LIMIT ?
                                """)
                        .params(tenant.value(), window.below(), window.fetch())
                        .query(AdjustmentStore::adjustment)
                        .list();
        return paging.page(window, rows, row -> row.id().toString(), row -> row);
    }

    private AdjustmentStore.Wish checked(TenantId tenant, CreateAdjustment wish) {
        long[] amounts = {
            amount("calls", wish.calls()),
            amount("inputTokens", wish.inputTokens()),
            amount("outputTokens", wish.outputTokens()),
            amount("computeMicros", wish.computeMicros()),
            amount("images", wish.images()),
            amount("audioMillis", wish.audioMillis()),
            amount("costMicros", wish.costMicros())
        };
        if (LongStream.of(amounts).allMatch(amount -> amount == 0)) {
            throw new InvalidRequestException("one of the amounts must not be 0");
        }
        if (wish.kind() == AdjustmentKind.CREDIT
                && LongStream.of(amounts).anyMatch(amount -> amount > 0)) {
            throw new InvalidRequestException(
                    "a CREDIT gives back: none of its amounts may be above 0");
        }
        UUID call = wish.callId();
        LocalDate day = call == null ? day(wish) : dayOf(call, wish);
        return new AdjustmentStore.Wish(
                wish.kind(),
                call,
                day,
                call == null ? model(wish) : modelOf(tenant, call, day),
                amounts[0],
                amounts[1],
                amounts[2],
                amounts[3],
                new Media(amounts[4], amounts[5]),
                cost(wish),
                reason(wish.reason()));
    }

    private static long amount(String name, @Nullable Long amount) {
        if (amount != null && (amount > MAX_AMOUNT || amount < -MAX_AMOUNT)) {
            throw new InvalidRequestException(
                    "'%s' is %d but must be -%d to %d"
                            .formatted(name, amount, MAX_AMOUNT, MAX_AMOUNT));
        }
        return amount == null ? 0 : amount;
    }

    private LocalDate day(CreateAdjustment wish) {
        LocalDate day = wish.day();
        if (day == null) {
            throw new InvalidRequestException("'callId', or 'day' and 'model', must be given");
        }
        if (day.isAfter(LocalDate.now(clock.withZone(ZoneOffset.UTC))) || day.getYear() < 2000) {
            throw new InvalidRequestException("'day' is " + day + ", no day of the ledger");
        }
        return day;
    }

    private static ModelName model(CreateAdjustment wish) {
        ModelName model = wish.model();
        if (model == null) {
            throw new InvalidRequestException("'callId', or 'day' and 'model', must be given");
        }
        return model;
    }

    private static LocalDate dayOf(UUID call, CreateAdjustment wish) {
        if (wish.day() != null || wish.model() != null) {
            throw new InvalidRequestException(
                    "'day' and 'model' are those of the call and must not be given with 'callId'");
        }
        return LocalDate.ofInstant(
                Instant.ofEpochMilli(call.getMostSignificantBits() >>> 16), ZoneOffset.UTC);
    }

    /** Another tenant's call is as absent as any. */
    private ModelName modelOf(TenantId tenant, UUID call, LocalDate day) {
        return store.modelOf(tenant, call, day)
                .orElseThrow(() ->
                        new InvalidRequestException(
                                "'callId' is " + call + ", no call of the tenant's ledger"));
    }

    private static @Nullable Cost cost(CreateAdjustment wish) {
        Long micros = wish.costMicros();
        String currency = wish.currency();
        if (micros == null && currency == null) {
            return null;
        }
        if (micros == null || currency == null || !currency.matches("[A-Z]{3}")) {
            throw new InvalidRequestException(
                    "'costMicros' needs a 'currency' of three capital letters, and the other way"
                            + " round");
        }
        return new Cost(micros, currency);
    }

    private static String reason(String reason) {
        String stripped = reason.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_REASON) {
            throw new InvalidRequestException(
                    "'reason' must have 1 to " + MAX_REASON + " characters");
        }
        return stripped;
    }
}
