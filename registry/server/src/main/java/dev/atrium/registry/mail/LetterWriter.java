package dev.atrium.registry.mail;

import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.webhook.WebhookEvent;
import dev.atrium.registry.web.PublicUrls;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Puts an event into words, with the page of the portal where something can be done about it. */
@Component
class LetterWriter {
    private static final int MICRO_DIGITS = 6;

    private final PublicUrls urls;
    private final JsonMapper json;

    LetterWriter(PublicUrls urls, JsonMapper json) {
        this.urls = urls;
        this.json = json;
    }

    /**
     * @param body of the event
     * @param tenant what it is called
     * @param unit of the policy that a threshold is of; null where it is gone
     * @param currency of its amount, if it is money
     */
    Letter write(
            String type,
            String body,
            String tenant,
            @Nullable Unit unit,
            @Nullable String currency) {
        if (type.equals(WebhookEvent.THRESHOLD)) {
            QuotaEvent event =
                    json.readValue(body, new TypeReference<WebhookEvent<QuotaEvent>>() {}).data();
            return threshold(event, tenant, unit, currency);
        }
        QuotaRequest request =
                json.readValue(body, new TypeReference<WebhookEvent<QuotaRequest>>() {}).data();
        return switch (type) {
            case WebhookEvent.REQUEST_OPENED -> opened(request, tenant);
            case WebhookEvent.REQUEST_DECIDED -> decided(request, tenant);
            default -> ended(request, tenant);
        };
    }

    private Letter threshold(
            QuotaEvent event, String tenant, @Nullable Unit unit, @Nullable String currency) {
        String figures =
                unit == null
                        ? ""
                        : "Used: %s of %s\n"
                                .formatted(
                                        amount(event.used(), unit, currency),
                                        amount(event.amount(), unit, currency));
        return letter(
                "Atrium: %s has used %d %% of '%s'"
                        .formatted(tenant, event.threshold(), event.policyName()),
                """
                %s has used %d %% of the limit '%s'.

                %sSince: %s

                Limits: %s
                """
                        .formatted(
                                Letter.oneLine(tenant),
                                event.threshold(),
                                Letter.oneLine(event.policyName()),
                                figures,
                                event.windowStart(),
                                page("quotas")));
    }

    private Letter opened(QuotaRequest request, String tenant) {
        Policy policy = request.policy();
        String page =
                policy.origin() == Origin.PLATFORM ? page("admin/requests") : page("requests");
        return letter(
                "Atrium: %s asks for more of '%s'".formatted(request.requestedBy(), policy.name()),
                """
                %s of %s asks for more of the limit '%s'.

                Now:    %s
                Wanted: %s
                Reason: %s

                Decide: %s
                """
                        .formatted(
                                Letter.oneLine(request.requestedBy()),
                                Letter.oneLine(tenant),
                                Letter.oneLine(policy.name()),
                                amount(request.formerAmount(), policy),
                                amount(request.amount(), policy),
                                request.reason(),
                                page));
    }

    private Letter decided(QuotaRequest request, String tenant) {
        Policy policy = request.policy();
        QuotaRequest.Outcome outcome = request.outcome();
        String what =
                switch (request.state()) {
                    case APPROVED -> "approved";
                    case TRIMMED -> "approved in part";
                    case DENIED -> "denied";
                    case WITHDRAWN -> "withdrawn";
                    case OPEN -> "open";
                };
        StringBuilder more = new StringBuilder();
        if (outcome != null && outcome.granted() != null) {
            more.append("Granted: ").append(amount(outcome.granted(), policy)).append('\n');
        }
        if (outcome != null && outcome.until() != null) {
            more.append("Until:   ").append(outcome.until()).append('\n');
        }
        if (outcome != null && outcome.note() != null) {
            more.append("Note:    ").append(outcome.note()).append('\n');
        }
        return letter(
                "Atrium: your request for more of '%s' is %s".formatted(policy.name(), what),
                """
                Your request for more of the limit '%s' of %s is %s.

                Wanted:  %s
                %s
                Limits: %s
                """
                        .formatted(
                                Letter.oneLine(policy.name()),
                                Letter.oneLine(tenant),
                                what,
                                amount(request.amount(), policy),
                                more,
                                page("quotas")));
    }

    private Letter ended(QuotaRequest request, String tenant) {
        return letter(
                "Atrium: the temporary raise of '%s' is over".formatted(request.policy().name()),
                """
                The temporary raise of the limit '%s' of %s is over.

                Limits: %s
                """
                        .formatted(
                                Letter.oneLine(request.policy().name()),
                                Letter.oneLine(tenant),
                                page("quotas")));
    }

    private static Letter letter(String subject, String text) {
        return new Letter(subject, text);
    }

    private String page(String path) {
        return urls.portal() + "/" + path;
    }

    private static String amount(long amount, Policy policy) {
        return amount(amount, policy.unit(), policy.currency());
    }

    private static String amount(long amount, Unit unit, @Nullable String currency) {
        if (unit == Unit.COST_MICROS) {
            BigDecimal money = BigDecimal.valueOf(amount, MICRO_DIGITS).stripTrailingZeros();
            return money.toPlainString() + " " + currency;
        }
        String words = unit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return NumberFormat.getIntegerInstance(Locale.ENGLISH).format(amount) + " " + words;
    }
}
