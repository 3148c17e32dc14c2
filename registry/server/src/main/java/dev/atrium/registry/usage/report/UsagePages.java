package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.registry.api.usage.UsageSums;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reports as pages of groups. */
@Component
class UsagePages {
    /** Behind every currency. */
    private static final String LAST_CURRENCY = "~";

    /**
     * The end of a page; the next one is of the same time even where that was left to default.
     *
     * @param key of the last group
     */
    private record Position(Instant from, Instant to, List<String> key) {}

    private final Paging paging;
    private final JsonMapper json;

    UsagePages(Paging paging, JsonMapper json) {
        this.paging = paging;
        this.json = json;
    }

    Page<UsageSum> page(Report asked, PageRequest request, Function<Report, Lines> source) {
        String list = "usage %s %s %s".formatted(asked.parts(), asked.zone(), filters(asked));
        Window window = paging.window(list, request);
        @Nullable Position before =
                window.after().map(text -> json.readValue(text, Position.class)).orElse(null);
        Report report = before == null ? asked : asked.spanning(before.from(), before.to());
        List<String> after = new ArrayList<>();
        if (before != null) {
            after.addAll(before.key());
            after.add(LAST_CURRENCY);
        }
        List<List<Line>> groups = groups(source.apply(report), after, window.fetch());
        return paging.page(
                window,
                groups,
                group ->
                        json.writeValueAsString(
                                new Position(report.from(), report.to(), group.getFirst().key())),
                group -> sum(report, group));
    }

    /** The first groups, as many as are wanted. */
    UsageSums first(Report report, int most, Lines lines) {
        List<List<Line>> groups = groups(lines, List.of(), most + 1);
        return new UsageSums(
                groups.stream().limit(most).map(group -> sum(report, group)).toList(),
                groups.size() <= most);
    }

    private static String filters(Report report) {
        return new TreeMap<>(report.filters()).toString();
    }

    /** Whole groups, but for the last one. */
    private static List<List<Line>> groups(Lines lines, List<String> after, int most) {
        Map<List<String>, List<Line>> groups = new LinkedHashMap<>();
        List<String> position = after;
        // Nearly always a single currency.
        int piece = 2 * most;
        while (groups.size() < most) {
            List<Line> read = lines.read(position, piece);
            for (Line line : read) {
                groups.computeIfAbsent(line.key(), key -> new ArrayList<>()).add(line);
            }
            if (read.size() < piece) {
                break;
            }
            position = read.getLast().position();
        }
        return groups.values().stream().limit(most).toList();
    }

    private static UsageSum sum(Report report, List<Line> group) {
        List<String> key = group.getFirst().key();
        @Nullable Instant begin = report.isByTime() ? report.begin(key) : null;
        return new UsageSum(
                begin,
                begin == null ? null : report.end(begin),
                value(report, key, Part.TENANT, TenantId::of),
                value(report, key, Part.PROJECT, ProjectId::of),
                value(report, key, Part.PRINCIPAL_KIND, PrincipalKind::valueOf),
                value(report, key, Part.PRINCIPAL_ID, text -> text),
                value(report, key, Part.MODEL, ModelName::of),
                value(report, key, Part.VERSION, Integer::valueOf),
                value(report, key, Part.OPERATION, Operation::valueOf),
                value(report, key, Part.LABEL, text -> text),
                total(group, Line::calls),
                total(group, Line::failedCalls),
                total(group, Line::inputTokens),
                total(group, Line::outputTokens),
                total(group, Line::computeMicros),
                group.stream()
                        .filter(line -> !line.currency().isEmpty())
                        .map(UsagePages::cost)
                        .toList(),
                energy(group),
                cachedInput(group),
                media(group));
    }

    private static Cost cost(Line line) {
        Long free = line.freeMicros() == 0 ? null : line.freeMicros();
        return new Cost(line.costMicros(), line.currency(), free);
    }

    private static @Nullable CachedInput cachedInput(List<Line> group) {
        CachedInput all = null;
        for (Line line : group) {
            all = CachedInput.both(all, line.cachedInput());
        }
        return all;
    }

    private static @Nullable Media media(List<Line> group) {
        return Media.of(
                total(group, line -> line.media().images()),
                total(group, line -> line.media().audioMillis()));
    }

    private static @Nullable EnergySum energy(List<Line> group) {
        EnergySum all = null;
        for (Line line : group) {
            all = EnergySum.both(all, line.energy());
        }
        return all;
    }

    private static <T> @Nullable T value(
            Report report, List<String> key, Part part, Function<String, T> of) {
        int index = report.parts().indexOf(part);
        return index < 0 ? null : of.apply(key.get(index));
    }

    private static long total(List<Line> group, ToLongFunction<Line> figure) {
        return group.stream().mapToLong(figure).sum();
    }
}
