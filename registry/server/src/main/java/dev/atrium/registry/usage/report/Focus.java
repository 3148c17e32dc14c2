package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.registry.api.usage.UsageDimension;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Costs as FOCUS 1.0 has them: a charge per day (UTC), project, caller, model version, kind of call
 * and label. Only what has a price is a charge. There are no discounts, so all costs are the same.
 *
 * @see "docs/charging.md"
 */
final class Focus {
    static final List<String> DIMENSIONS =
            List.of(
                    UsageDimension.DAY.name(),
                    UsageDimension.PROJECT.name(),
                    UsageDimension.PRINCIPAL.name(),
                    UsageDimension.MODEL.name(),
                    UsageDimension.VERSION.name(),
                    UsageDimension.OPERATION.name(),
                    UsageDimension.LABEL.name());
    private static final String PROVIDER = "Atrium";
    private static final String UNIT = "Requests";
    private static final long MICROS_PER_MILLI = 1_000;

    /** In the order of the file; those that begin with x_ are our own. */
    private enum Column {
        BilledCost,
        BillingAccountId,
        BillingAccountName,
        BillingCurrency,
        BillingPeriodStart,
        BillingPeriodEnd,
        ChargeCategory,
        ChargeClass,
        ChargeDescription,
        ChargeFrequency,
        ChargePeriodStart,
        ChargePeriodEnd,
        ConsumedQuantity,
        ConsumedUnit,
        ContractedCost,
        EffectiveCost,
        InvoiceIssuerName,
        ListCost,
        PricingQuantity,
        PricingUnit,
        ProviderName,
        PublisherName,
        RegionId,
        ResourceId,
        ResourceName,
        ResourceType,
        ServiceCategory,
        ServiceName,
        SkuId,
        SubAccountId,
        SubAccountName,
        Tags,
        x_FailedRequests,
        x_InputTokens,
        x_OutputTokens,
        x_ComputeMillis,
        x_EnergyRequests,
        x_EnergyJoules,
        x_CarbonRequests,
        x_CarbonGrams,
        x_CachedInputRequests,
        x_CachedInputTokens,
        x_Images,
        x_AudioSeconds
    }

    private final Report report;
    private final Tenant tenant;
    private final Map<ProjectId, String> projects;
    private final JsonMapper json;

    /**
     * @param report by {@link #DIMENSIONS} in UTC
     * @param projects names of the tenant's projects
     */
    Focus(Report report, Tenant tenant, Map<ProjectId, String> projects, JsonMapper json) {
        this.report = report;
        this.tenant = tenant;
        this.projects = projects;
        this.json = json;
    }

    void write(Lines lines, Csv csv) throws IOException {
        csv.line(Arrays.asList(Column.values()));
        Sheet.each(
                lines,
                line -> {
                    if (!line.currency().isEmpty()) {
                        csv.line(
                                Arrays.stream(Column.values())
                                        .map(column -> cell(column, line))
                                        .toList());
                    }
                });
    }

    private @Nullable Object cell(Column column, Line line) {
        return switch (column) {
            case BilledCost, ContractedCost, EffectiveCost -> cost(line);
            case ListCost -> Sheet.money(line.costMicros() + line.freeMicros());
            case BillingAccountId -> tenant.id();
            case BillingAccountName -> tenant.name();
            case BillingCurrency -> line.currency();
            case BillingPeriodStart -> start(month(line));
            case BillingPeriodEnd -> start(month(line).plusMonths(1));
            case ChargeCategory -> "Usage";
            case ChargeClass, RegionId -> null;
            case ChargeDescription -> description(line);
            case ChargeFrequency -> "Usage-Based";
            case ChargePeriodStart -> begin(line);
            case ChargePeriodEnd -> report.end(begin(line));
            case ConsumedQuantity, PricingQuantity -> line.calls();
            case ConsumedUnit, PricingUnit -> UNIT;
            case InvoiceIssuerName, ProviderName, PublisherName -> PROVIDER;
            case ResourceId -> resource(line);
            case ResourceName -> part(line, Part.MODEL);
            case ResourceType -> "Model version";
            case ServiceCategory -> "AI and Machine Learning";
            case ServiceName -> "Model serving";
            case SkuId -> resource(line) + "/" + operation(line);
            case SubAccountId -> part(line, Part.PROJECT);
            case SubAccountName -> projects.get(ProjectId.of(part(line, Part.PROJECT)));
            case Tags -> tags(line);
            case x_FailedRequests -> line.failedCalls();
            case x_InputTokens -> line.inputTokens();
            case x_OutputTokens -> line.outputTokens();
            case x_ComputeMillis -> line.computeMicros() / MICROS_PER_MILLI;
            case x_EnergyRequests -> line.energyCalls();
            case x_EnergyJoules -> Sheet.joules(line);
            case x_CarbonRequests -> line.carbonCalls();
            case x_CarbonGrams -> Sheet.grams(line);
            case x_CachedInputRequests -> line.cachedCalls();
            case x_CachedInputTokens -> Sheet.cachedTokens(line);
            case x_Images -> line.media().images();
            case x_AudioSeconds -> Sheet.audioSeconds(line);
        };
    }

    private static BigDecimal cost(Line line) {
        return Objects.requireNonNull(Sheet.cost(line));
    }

    private Instant begin(Line line) {
        return report.begin(line.key());
    }

    private LocalDate month(Line line) {
        return LocalDate.ofInstant(begin(line), ZoneOffset.UTC).withDayOfMonth(1);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private String description(Line line) {
        return "%s calls of %s, version %s"
                .formatted(operation(line), part(line, Part.MODEL), part(line, Part.VERSION));
    }

    private String resource(Line line) {
        return part(line, Part.MODEL) + ":" + part(line, Part.VERSION);
    }

    private String operation(Line line) {
        return part(line, Part.OPERATION).toLowerCase(Locale.ROOT);
    }

    private String tags(Line line) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(
                "atrium/principal",
                part(line, Part.PRINCIPAL_KIND).toLowerCase(Locale.ROOT)
                        + ":"
                        + part(line, Part.PRINCIPAL_ID));
        String label = part(line, Part.LABEL);
        if (!label.isEmpty()) {
            tags.put("atrium/label", label);
        }
        return json.writeValueAsString(tags);
    }

    private String part(Line line, Part part) {
        return line.key().get(report.parts().indexOf(part));
    }
}
