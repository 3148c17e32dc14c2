package dev.atrium.portal.quota;

import dev.atrium.portal.design.Amounts;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Policies as sentences that need no manual. */
final class PolicyWords implements Serializable {
    private static final long MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();
    private static final long MILLIS_PER_MINUTE = Duration.ofMinutes(1).toMillis();

    private final Texts texts;
    private final Locale locale;
    private final SubjectNames names;

    PolicyWords(Texts texts, Locale locale, SubjectNames names) {
        this.texts = texts;
        this.locale = locale;
        this.names = names;
    }

    static PolicyWords ofPage(Locale locale, SubjectNames names) {
        return new PolicyWords(Texts.ofPage(), locale, names);
    }

    /** {@code 10,000 tokens per day}. */
    String amount(Unit unit, Window window, long amount) {
        return texts.of("quota.per." + key(window), quantity(unit, amount));
    }

    /**
     * {@code 10,000 tokens per day, Europe/Berlin}; the zone only where a calendar matters.
     *
     * @param zone the tenant's; null where it is not known
     */
    String amount(Policy policy, @Nullable String zone) {
        String amount = amount(policy.unit(), policy.window(), policy.amount());
        return switch (policy.window()) {
            case HOUR, DAY, MONTH -> zone == null ? amount : texts.of("quota.zone", amount, zone);
            case NONE, SECOND, MINUTE, LIFETIME -> amount;
        };
    }

    /** {@code for the key ci-bot}. */
    String subject(PolicySubject subject) {
        if (subject.projectId() != null) {
            return texts.of("quota.for.project", names.project(subject.projectId()));
        }
        if (subject.apiKeyId() != null) {
            return texts.of("quota.for.key", names.key(subject.apiKeyId()));
        }
        return subject.model() == null
                ? texts.of("quota.for.tenant")
                : texts.of("quota.for.model", subject.model().toString());
    }

    /** {@code At most 1,000 requests per hour for the key ci-bot; calls beyond it are refused.} */
    String sentence(CreatePolicy wanted) {
        PolicySubject subject = Objects.requireNonNullElse(wanted.subject(), PolicySubject.TENANT);
        Mode mode = Objects.requireNonNullElse(wanted.mode(), Mode.HARD);
        String whose = subject(subject);
        if (wanted.amount() == 0) {
            String then = mode == Mode.HARD ? every(wanted.unit()) : "quota.then." + key(mode);
            return texts.of("quota.sentence.zero", unit(wanted.unit()), whose, texts.of(then));
        }
        String then = texts.of("quota.then." + key(mode));
        String amount = amount(wanted.unit(), wanted.window(), wanted.amount());
        return wanted.burst() == null
                ? texts.of("quota.sentence", amount, whose, then)
                : texts.of(
                        "quota.sentence.burst",
                        amount,
                        whose,
                        then,
                        figure(wanted.unit(), wanted.burst()));
    }

    /** {@code Requests per hour, for the key ci-bot}; without the amount, which may change. */
    String suggestedName(CreatePolicy wanted) {
        return suggestedName(
                wanted.unit(),
                wanted.window(),
                subject(Objects.requireNonNullElse(wanted.subject(), PolicySubject.TENANT)));
    }

    /**
     * @param whose {@code for the key ci-bot}
     */
    String suggestedName(Unit unit, Window window, String whose) {
        return texts.of(
                "quota.name.suggested",
                texts.of("quota.per." + key(window), texts.constant("quota.unit", unit)),
                whose);
    }

    /** A number of this unit by itself: {@code 620,000}, {@code 31 min}. */
    String figure(Unit unit, long amount) {
        return switch (unit) {
            case COMPUTE_MILLIS, AUDIO_MILLIS ->
                    Amounts.duration(Duration.ofMillis(amount), locale);
            case COST_MICROS -> AmountText.format(amount, unit, locale);
            case STORED_BYTES -> Amounts.bytes(amount, locale);
            case REQUESTS, INPUT_TOKENS, OUTPUT_TOKENS, TOKENS, CONCURRENCY, IMAGES ->
                    Amounts.count(amount, locale);
        };
    }

    /** Calls that were refused, or in a dry run would have been; empty when there are none. */
    String refused(Mode mode, long calls) {
        if (calls == 0) {
            return "";
        }
        return switch (mode) {
            case HARD -> texts.of("quota.refused.hard", calls);
            case DRY_RUN -> texts.of("quota.refused.dry_run", calls);
            case SOFT -> "";
        };
    }

    /**
     * What a limit of nothing refuses: a unit that a call does not use has nothing to do with it.
     */
    private static String every(Unit unit) {
        return switch (unit) {
            case REQUESTS, COMPUTE_MILLIS, CONCURRENCY -> "quota.then.every";
            case INPUT_TOKENS,
                    OUTPUT_TOKENS,
                    TOKENS,
                    COST_MICROS,
                    STORED_BYTES,
                    IMAGES,
                    AUDIO_MILLIS ->
                    "quota.then.every." + key(unit);
        };
    }

    private String unit(Unit unit) {
        return texts.constant("quota.unit", unit).toLowerCase(locale);
    }

    private String quantity(Unit unit, long amount) {
        if (unit == Unit.COST_MICROS) {
            return texts.of("quota.quantity.cost_micros", figure(unit, amount));
        }
        if (unit == Unit.STORED_BYTES) {
            return texts.of("quota.quantity.stored_bytes", figure(unit, amount));
        }
        if (unit == Unit.COMPUTE_MILLIS) {
            return time("quota.quantity.", amount);
        }
        return unit == Unit.AUDIO_MILLIS
                ? time("quota.quantity.audio.", amount)
                : texts.of("quota.quantity." + key(unit), amount);
    }

    private String time(String kind, long millis) {
        if (millis > 0 && millis % MILLIS_PER_HOUR == 0) {
            return texts.of(kind + "hours", millis / MILLIS_PER_HOUR);
        }
        if (millis > 0 && millis % MILLIS_PER_MINUTE == 0) {
            return texts.of(kind + "minutes", millis / MILLIS_PER_MINUTE);
        }
        return texts.of(kind + "seconds", BigDecimal.valueOf(millis, 3));
    }

    private static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
