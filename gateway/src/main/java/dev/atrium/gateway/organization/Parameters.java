package dev.atrium.gateway.organization;

import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.gateway.web.RefusedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a report. What would change the answer but is not known here is refused:
 * figures that were not asked for are worse than none. A list may be repeated, with or without
 * {@code []}, or have commas.
 */
final class Parameters {
    private static final Set<String> KNOWN =
            Set.of(
                    "start_time",
                    "end_time",
                    "bucket_width",
                    "group_by",
                    "limit",
                    "page",
                    "project_ids",
                    "user_ids",
                    "api_key_ids",
                    "models");
    private static final String PAGE = "page_";
    private static final int MOST_VALUES = 100;

    /** The end of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private final ReportKind kind;
    private final Map<String, List<String>> given;

    private Parameters(ReportKind kind, Map<String, List<String>> given) {
        this.kind = kind;
        this.given = given;
    }

    static Question read(
            ReportKind kind, Map<String, List<String>> given, String tenantSlug, Instant now) {
        return new Parameters(kind, given).question(tenantSlug, now);
    }

    /** What leads to the page that begins here. */
    static String page(Instant first) {
        return PAGE + first.getEpochSecond();
    }

    private Question question(String tenantSlug, Instant now) {
        for (String name : given.keySet()) {
            if (!KNOWN.contains(plain(name)) || (plain(name).equals("models") && isCosts())) {
                throw refused(
                        Refusal.Reason.UNSUPPORTED_PARAMETER,
                        "the parameter '" + Exchange.printable(name) + "' is not supported here",
                        plain(name));
            }
        }
        BucketWidth width = width();
        Instant start = time("start_time");
        if (start == null) {
            throw wrong("'start_time' is missing; it is in seconds since 1970", "start_time");
        }
        Instant end = time("end_time");
        if (end != null && !start.isBefore(end)) {
            throw wrong("'end_time' must be after 'start_time'", "end_time");
        }
        Instant first = width.begin(start);
        Instant last = width.begin((end == null ? now : end).minusNanos(1));
        Instant over = (last.isBefore(first) ? first : last).plus(width.length());
        return new Question(
                kind,
                width,
                first(width, first, over),
                over,
                limit(width),
                groupBy(),
                projects(),
                principals(),
                list("models").stream()
                        .map(name -> name.contains("/") ? name : tenantSlug + "/" + name)
                        .toList());
    }

    private boolean isCosts() {
        return kind == ReportKind.COSTS;
    }

    private static String plain(String name) {
        return name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
    }

    private BucketWidth width() {
        String name = one("bucket_width");
        if (name == null) {
            return BucketWidth.DAY;
        }
        return Arrays.stream(BucketWidth.values())
                .filter(width -> width.wireName().equals(name))
                .filter(width -> width == BucketWidth.DAY || !isCosts())
                .findFirst()
                .orElseThrow(() ->
                        refused(
                                Refusal.Reason.UNSUPPORTED_PARAMETER,
                                "'bucket_width' is '%s'; usage is summed up by the hour, so it is %s"
                                        .formatted(
                                                Exchange.printable(name),
                                                isCosts() ? "1d" : "1h or 1d"),
                                "bucket_width"));
    }

    private Instant first(BucketWidth width, Instant first, Instant end) {
        String page = one("page");
        if (page == null) {
            return first;
        }
        long second = page.startsWith(PAGE) ? number(page.substring(PAGE.length())) : -1;
        Instant named = Instant.ofEpochSecond(Math.max(0, second));
        if (second < 0
                || !named.equals(width.begin(named))
                || named.isBefore(first)
                || !named.isBefore(end)) {
            throw wrong("'page' is not what 'next_page' of this report said", "page");
        }
        return named;
    }

    private @Nullable Instant time(String name) {
        String text = one(name);
        if (text == null) {
            return null;
        }
        long second = number(text);
        if (second < 0) {
            throw wrong(
                    "'%s' is '%s', not seconds since 1970"
                            .formatted(name, Exchange.printable(text)),
                    name);
        }
        return Instant.ofEpochSecond(second);
    }

    private int limit(BucketWidth width) {
        String text = one("limit");
        int most = width.mostBuckets(kind);
        if (text == null) {
            return width.usualBuckets();
        }
        long limit = number(text);
        if (limit < 1 || limit > most) {
            throw wrong(
                    "'limit' is '%s' but must be 1 to %d buckets of %s"
                            .formatted(Exchange.printable(text), most, width.wireName()),
                    "limit");
        }
        return (int) limit;
    }

    /** Below 0 where it is no number of a second. */
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 12 || !text.chars().allMatch(Parameters::isDigit)) {
            return -1;
        }
        long number = Long.parseLong(text);
        return number > LAST_SECOND ? -1 : number;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private Set<Member> groupBy() {
        Set<Member> members = EnumSet.noneOf(Member.class);
        for (String name : list("group_by")) {
            members.add(
                    kind.members().stream()
                            .filter(member -> member.wireName().equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    refused(
                                            Refusal.Reason.UNSUPPORTED_PARAMETER,
                                            "'group_by' names '%s', which is none of %s"
                                                    .formatted(
                                                            Exchange.printable(name),
                                                            kind.members().stream()
                                                                    .map(Member::wireName)
                                                                    .sorted()
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", "))),
                                            "group_by")));
        }
        return members;
    }

    private List<String> projects() {
        List<String> ids = list("project_ids");
        for (String id : ids) {
            try {
                UUID.fromString(id);
            } catch (IllegalArgumentException e) {
                throw wrong(
                        "'project_ids' has '" + Exchange.printable(id) + "', which is no id",
                        "project_ids");
            }
        }
        return ids;
    }

    /** A call is one key's or one user's, so nothing is both. */
    private List<String> principals() {
        List<String> users = list("user_ids");
        List<String> keys = list("api_key_ids");
        if (!users.isEmpty() && !keys.isEmpty()) {
            throw wrong("a report is of 'user_ids' or of 'api_key_ids', not of both", "user_ids");
        }
        return users.isEmpty() ? keys : users;
    }

    private @Nullable String one(String name) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw wrong("'" + name + "' comes more than once", name);
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (String form : List.of(name, name + "[]")) {
            for (String value : given.getOrDefault(form, List.of())) {
                values.addAll(Arrays.asList(value.split(",", -1)));
            }
        }
        if (values.size() > MOST_VALUES || values.stream().anyMatch(String::isBlank)) {
            throw wrong(
                    "'%s' has 1 to %d values, and none of them is empty"
                            .formatted(name, MOST_VALUES),
                    name);
        }
        return values.stream().distinct().toList();
    }

    private static RefusedException wrong(String message, String parameter) {
        return Refusal.invalid(message, parameter).asException();
    }

    private static RefusedException refused(
            Refusal.Reason reason, String message, String parameter) {
        return Refusal.about(reason, message, parameter).asException();
    }
}
