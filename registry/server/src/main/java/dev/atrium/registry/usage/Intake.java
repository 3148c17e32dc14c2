package dev.atrium.registry.usage;

import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.ShipUsageReply;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.apikey.ApiKeyUse;
import dev.atrium.registry.error.InvalidRequestException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes a gateway's batch: all of it is in the ledger or in quarantine when this returns. */
@Component
class Intake {
    private static final int MAX_RECORDS = 1_000;

    private final TransactionTemplate transactions;
    private final Admissibility admissibility;
    private final Ledger ledger;
    private final SummedLabels labels;
    private final Orphans orphans;
    private final Quarantine quarantine;
    private final ApiKeyUse keys;
    private final Counter inserted;
    private final Counter duplicates;

    Intake(
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            Admissibility admissibility,
            Ledger ledger,
            SummedLabels labels,
            Orphans orphans,
            Quarantine quarantine,
            ApiKeyUse keys,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.admissibility = admissibility;
        this.ledger = ledger;
        this.labels = labels;
        this.orphans = orphans;
        this.quarantine = quarantine;
        this.keys = keys;
        this.inserted = counter(meters, "posted");
        this.duplicates = counter(meters, "duplicate");
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("atrium.usage.records")
                .description("Usage records that gateways shipped")
                .tag("result", result)
                .register(meters);
    }

    ShipUsageReply take(UUID gateway, ShipUsage batch) {
        requireBounded(batch);
        Set<TenantId> tenants =
                admissibility.known(
                        Stream.concat(
                                        batch.settled().stream().map(UsageRecord::tenantId),
                                        batch.orphans().stream().map(OpenCall::tenantId))
                                .toList());
        Map<Object, String> refused = new HashMap<>();
        List<UsageRecord> records = new ArrayList<>();
        for (UsageRecord record : batch.settled()) {
            Optional<String> refusal = admissibility.refusal(record, tenants);
            refusal.ifPresentOrElse(
                    reason -> refused.put(record, reason), () -> records.add(record));
        }
        List<OpenCall> open = new ArrayList<>();
        for (OpenCall call : batch.orphans()) {
            Optional<String> refusal = admissibility.refusal(call, tenants);
            refusal.ifPresentOrElse(reason -> refused.put(call, reason), () -> open.add(call));
        }
        ledger.prepare(
                Stream.concat(
                        records.stream().map(UsageRecord::callId),
                        open.stream().map(OpenCall::callId)));
        labels.admit(
                Stream.concat(
                                records.stream().flatMap(SummedLabels.Use::of),
                                open.stream().flatMap(SummedLabels.Use::of))
                        .toList());
        int posted =
                Objects.requireNonNull(
                        transactions.execute(status -> post(gateway, records, open, refused)));
        inserted.increment(posted);
        duplicates.increment(records.size() - posted);
        noteKeys(records);
        return new ShipUsageReply(posted, records.size() - posted, refused.size());
    }

    private Integer post(
            UUID gateway,
            List<UsageRecord> records,
            List<OpenCall> open,
            Map<Object, String> refused) {
        int posted = records.isEmpty() ? 0 : ledger.post(gateway, records);
        orphans.open(gateway, open);
        refused.forEach((body, reason) -> quarantine.keep(callId(body), gateway, reason, body));
        return posted;
    }

    private static UUID callId(Object body) {
        return body instanceof UsageRecord record ? record.callId() : ((OpenCall) body).callId();
    }

    private static void requireBounded(ShipUsage batch) {
        if (batch.settled().size() > MAX_RECORDS || batch.orphans().size() > MAX_RECORDS) {
            throw new InvalidRequestException(
                    "a batch has at most " + MAX_RECORDS + " records of each kind");
        }
        boolean unnamed =
                batch.settled().stream()
                                .map(record -> (Object) record.callId())
                                .anyMatch(Objects::isNull)
                        || batch.orphans().stream()
                                .map(call -> (Object) call.callId())
                                .anyMatch(Objects::isNull);
        if (unnamed) {
            throw new InvalidRequestException("a record has no 'callId'");
        }
    }

    private void noteKeys(List<UsageRecord> records) {
        Map<String, Instant> uses = new HashMap<>();
        for (UsageRecord record : records) {
            if (record.principalKind() == PrincipalKind.API_KEY) {
                uses.merge(
                        record.principalId(),
                        CallTime.of(record.callId()),
                        (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        keys.recordUse(uses);
    }
}
