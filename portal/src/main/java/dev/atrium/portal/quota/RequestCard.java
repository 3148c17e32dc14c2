package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Moments;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest.Outcome;
import java.time.Clock;

/** One request for more: what is asked, why, by whom, and what became of it. */
final class RequestCard extends ListItem {
    private final transient QuotaRequest request;
    private final transient PolicyWords words;
    private final transient Clock clock;
    private final Div foot = new Div();

    RequestCard(QuotaRequest request, PolicyWords words, Clock clock) {
        this.request = request;
        this.words = words;
        this.clock = clock;
        setId("request-" + request.id());
        addClassNames("quota", "request");
        Span meaning = new Span(RequestWords.wish(request, words));
        meaning.addClassName("quota-meaning");
        Paragraph reason = new Paragraph(request.reason());
        reason.addClassName("request-text");
        foot.addClassName("split");
        foot.add(createFacts());
        add(createHead(), meaning, reason);
        if (request.outcome() != null) {
            addOutcome(request.outcome());
        }
        add(foot);
    }

    RequestCard above(Component component) {
        addComponentAsFirst(component);
        return this;
    }

    RequestCard with(Component actions) {
        actions.addClassName("actions");
        foot.add(actions);
        return this;
    }

    private Div createHead() {
        Div badges = new Div(RequestWords.badge(request.state()));
        badges.addClassName("chips");
        if (RequestNotes.isNews(request)) {
            Badge fresh = new Badge(Tone.BUSY, getTranslation("request.new"));
            fresh.addClassName("still");
            badges.add(fresh);
        }
        if (request.policyDeleted()) {
            Span gone = new Span(getTranslation("request.deleted"));
            gone.addClassName("tag");
            badges.add(gone);
        }
        Div head = new Div(new H2(request.policy().name()), badges);
        head.addClassName("quota-head");
        return head;
    }

    private Div createFacts() {
        Div facts =
                new Div(
                        new Span(
                                getTranslation(
                                        "request.by", RequestWords.person(request.requestedBy()))),
                        Moments.ago(request.createdAt(), clock.instant()));
        facts.addClassName("facts");
        return facts;
    }

    private void addOutcome(Outcome outcome) {
        Div box = new Div();
        box.addClassName("request-outcome");
        box.add(
                new Span(
                        getTranslation(
                                "request.outcome." + RequestWords.key(request.state()),
                                RequestWords.person(outcome.by()),
                                outcome.granted() == null ? "" : granted(outcome.granted()))));
        if (outcome.note() != null) {
            Paragraph note = new Paragraph(outcome.note());
            note.addClassName("request-text");
            box.add(note);
        }
        if (outcome.until() != null) {
            box.add(
                    new Span(
                            outcome.endedAt() == null
                                    ? getTranslation(
                                            "request.until",
                                            Moments.formatted(outcome.until(), getLocale()))
                                    : getTranslation(
                                            "request.ended",
                                            Moments.formatted(outcome.endedAt(), getLocale()))));
        }
        add(box);
    }

    private String granted(long amount) {
        return words.amount(request.policy().unit(), request.policy().window(), amount);
    }
}
