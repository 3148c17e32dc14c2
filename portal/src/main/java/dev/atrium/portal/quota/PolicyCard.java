package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Moments;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * One policy: what it allows, how much of that is taken, and what can be done to it. Shows newer
 * figures in place, so that whoever is about to press a button in it keeps the focus.
 */
final class PolicyCard extends ListItem {
    private final transient PolicyWords words;
    private final @Nullable String zone;
    private final transient Clock clock;
    private final H2 name = new H2();
    private final Div badges = new Div();
    private final Span percent = new Span();
    private final Span meaning = new Span();
    private final QuotaBar bar;
    private final Span flow = new Span();
    private final Div facts = new Div();
    private final Div foot = new Div(facts);

    /**
     * An empty card.
     *
     * @param zone the tenant's; null where it is not known
     */
    PolicyCard(PolicyWords words, @Nullable String zone, Clock clock) {
        this.words = words;
        this.zone = zone;
        this.clock = clock;
        bar = new QuotaBar(words);
        addClassName("quota");
        badges.addClassName("chips");
        percent.addClassName("quota-percent");
        meaning.addClassName("quota-meaning");
        flow.addClassName("quiet");
        flow.setText(getTranslation("quota.rate.text"));
        facts.addClassName("facts");
        foot.addClassName("split");
        Div head = new Div(name, badges, percent);
        head.addClassName("quota-head");
        add(head, meaning, bar, flow, foot);
    }

    /** Puts something beside the facts, such as buttons or why there are none. */
    PolicyCard with(Component component) {
        foot.add(component);
        return this;
    }

    /** Puts something before the name, such as whose it is. */
    PolicyCard above(Component component) {
        addComponentAsFirst(component);
        return this;
    }

    PolicyCard show(PolicyStatus status) {
        Policy policy = status.policy();
        setId("policy-" + policy.id());
        name.setText(policy.name());
        meaning.setText(words.amount(policy, zone) + " · " + words.subject(policy.subject()));
        showBadges(status);
        boolean isRate = policy.window().isRate();
        percent.setText(
                policy.window().isQuota() || policy.amount() == 0
                        ? Amounts.percent(status.percent() / 100.0, getLocale())
                        : "");
        percent.setClassName("close", Closeness.of(status) == Closeness.CLOSE);
        percent.setClassName("spent", Closeness.of(status) == Closeness.SPENT);
        bar.setVisible(!isRate);
        flow.setVisible(isRate);
        bar.show(status);
        showFacts(status);
        return this;
    }

    private void showBadges(PolicyStatus status) {
        Policy policy = status.policy();
        badges.removeAll();
        switch (Closeness.of(status)) {
            case CALM -> {}
            case CLOSE -> addBadge(Tone.BUSY, getTranslation("quota.close"));
            case SPENT ->
                    addBadge(
                            Tone.BAD,
                            getTranslation(policy.amount() == 0 ? "quota.none" : "quota.spent"));
        }
        badges.add(tag(Texts.ofPage().constant("quota.mode", policy.mode())));
        if (policy.origin() == Origin.PLATFORM) {
            badges.add(tag(getTranslation("quota.origin.platform")));
        } else {
            badges.add(tag(getTranslation("quota.origin.tenant")));
        }
        if (policy.plan() != null) {
            badges.add(tag(getTranslation("quota.planned")));
        }
    }

    private void addBadge(Tone tone, String text) {
        Badge badge = new Badge(tone, text);
        badge.addClassName("still");
        badges.add(badge);
    }

    private static Span tag(String text) {
        Span tag = new Span(text);
        tag.addClassName("tag");
        return tag;
    }

    private void showFacts(PolicyStatus status) {
        facts.removeAll();
        String refused = words.refused(status.policy().mode(), status.refused());
        if (!refused.isEmpty()) {
            Span fact = new Span(refused);
            fact.addClassName("quota-refused");
            fact.setClassName("dry", status.policy().mode() == Mode.DRY_RUN);
            facts.add(fact);
        }
        if (status.windowEnd() != null) {
            facts.add(new Span(end(status.windowEnd())));
        }
    }

    private String end(Instant at) {
        ZoneId shown = zone == null ? Moments.zone() : ZoneId.of(zone);
        return getTranslation(
                "quota.ends",
                Moments.until(at, clock.instant()),
                Moments.formatted(at, getLocale(), shown),
                shown.getId());
    }
}
