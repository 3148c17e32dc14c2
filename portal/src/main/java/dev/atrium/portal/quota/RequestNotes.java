package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.portal.design.Icon;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.RequestState;
import java.util.List;

/** Says on other pages that a request for more was answered, or that some wait for an answer. */
public final class RequestNotes extends Div {
    /**
     * How many wait for the reader.
     *
     * @param own in the reader's tenant
     * @param all those that the platform decides
     */
    public record Waiting(long own, long all) {}

    /**
     * Notes; nothing is shown where there is nothing to say.
     *
     * @param answers not taken note of yet, newest first
     */
    public RequestNotes(List<QuotaRequest> answers, Waiting waiting) {
        setId("request-notes");
        addClassName("request-notes");
        answers.forEach(this::addAnswer);
        if (waiting.own() > 0) {
            add(
                    note(
                            Icon.REQUESTS,
                            getTranslation("request.waiting", waiting.own()),
                            QuotasNavigation.toRequests(getTranslation("request.waiting.link"))));
        }
        if (waiting.all() > 0) {
            add(
                    note(
                            Icon.REQUESTS,
                            getTranslation("request.waiting.all", waiting.all()),
                            QuotasNavigation.toAllRequests(
                                    getTranslation("request.waiting.link"))));
        }
        setVisible(getComponentCount() > 0);
    }

    /** Those that were decided by somebody and that the requester has not taken note of. */
    public static List<QuotaRequest> answers(List<QuotaRequest> mine) {
        return mine.stream().filter(RequestNotes::isNews).toList();
    }

    static boolean isNews(QuotaRequest request) {
        return request.outcome() != null
                && !request.outcome().read()
                && request.state() != RequestState.WITHDRAWN;
    }

    private void addAnswer(QuotaRequest request) {
        add(
                note(
                        Icon.REQUEST,
                        Texts.ofPage()
                                .of(
                                        "request.answer." + RequestWords.key(request.state()),
                                        request.policy().name()),
                        QuotasNavigation.link(getTranslation("quota.hint.link"))));
    }

    private static Div note(Icon icon, String text, RouterLink link) {
        Div note = new Div(icon.create(), new Span(text), link);
        note.addClassNames("notice-box", "quota-hint", "notice-quiet");
        return note;
    }
}
