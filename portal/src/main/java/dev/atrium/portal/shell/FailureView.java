package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.ParentLayout;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Mono;
import jakarta.servlet.http.HttpServletResponse;

/** Shown in place of a page that could not be loaded. */
@ParentLayout(MainLayout.class)
@AnonymousAllowed
class FailureView extends Div implements HasErrorParameter<Exception> {
    static final String SIGN_IN = "/oauth2/authorization/atrium";

    FailureView() {
        addClassName("page");
        setId("failure");
    }

    @Override
    public int setErrorParameter(BeforeEnterEvent event, ErrorParameter<Exception> parameter) {
        Failure failure = Failure.of(parameter.getException());
        show(failure);
        return switch (failure.kind()) {
            case SIGN_IN -> HttpServletResponse.SC_UNAUTHORIZED;
            case CHANGE_PASSWORD, REFUSED -> HttpServletResponse.SC_FORBIDDEN;
            case NOT_FOUND -> HttpServletResponse.SC_NOT_FOUND;
            case RETRY -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case INTERNAL -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        };
    }

    private void show(Failure failure) {
        removeAll();
        Icon icon = failure.kind() == Failure.Kind.NOT_FOUND ? Icon.SEARCH : Icon.ALERT;
        EmptyState state =
                switch (failure.kind()) {
                    case SIGN_IN -> state(icon, failure, link(SIGN_IN, "signin.again"));
                    case CHANGE_PASSWORD, NOT_FOUND, REFUSED ->
                            state(icon, failure, link("/", "error.home"));
                    case RETRY, INTERNAL -> state(icon, failure, createRetry());
                };
        if (!failure.requestId().isBlank()) {
            Div request =
                    new Div(
                            new Span(getTranslation("error.request")),
                            new Mono(failure.requestId()));
            request.addClassName("notice-request");
            state.add(request);
        }
        add(state);
    }

    private static EmptyState state(
            Icon icon, Failure failure, com.vaadin.flow.component.Component action) {
        return new EmptyState(icon, failure.title(), failure.detail(), action);
    }

    private Anchor link(String target, String key) {
        Anchor link = new Anchor(target, getTranslation(key));
        link.setRouterIgnore(true);
        link.addClassName("button-link");
        return link;
    }

    private Button createRetry() {
        Button retry =
                new Button(
                        getTranslation("error.retry"), click -> UI.getCurrent().getPage().reload());
        retry.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        return retry;
    }
}
