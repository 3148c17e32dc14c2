package dev.atrium.portal.playground;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.progressbar.ProgressBar;
import com.vaadin.flow.server.VaadinSession;
import dev.atrium.portal.calls.CallsNavigation;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.gateway.GatewayException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One way to try a model. Calls run beside the page, so that a slow model does not freeze it; a
 * refusal is shown where the answer would be.
 */
abstract class Trial extends Div {
    private final CodeBlock curl = new CodeBlock("");

    Trial() {
        addClassName("trial");
        curl.setId("trial-curl");
    }

    /** The panel with the equivalent command. */
    Panel createCurlPanel() {
        return new Panel(getTranslation("trial.curl"), curl)
                .hint(getTranslation("trial.curl.hint"));
    }

    void showCurl(String command) {
        curl.setText(command);
    }

    /** Calls the gateway on another thread and comes back to the page with what it said. */
    static <T> void call(
            UI ui, Supplier<T> work, Consumer<T> whenDone, Consumer<GatewayException> whenRefused) {
        VaadinSession session = ui.getSession();
        Thread.ofVirtual()
                .name("trial")
                .start(() -> {
                    VaadinSession.setCurrent(session);
                    try {
                        T answer = work.get();
                        ui.access(() -> whenDone.accept(answer));
                    } catch (GatewayException e) {
                        ui.access(() -> whenRefused.accept(e));
                    } catch (RuntimeException e) {
                        // The session's error handler speaks about everything else.
                        ui.access(() -> {
                            throw e;
                        });
                    }
                });
    }

    static void showWaiting(Div result) {
        ProgressBar bar = new ProgressBar();
        bar.setIndeterminate(true);
        result.removeAll();
        result.add(bar);
    }

    static Div refusal(GatewayException refused) {
        Div box = new Div(new Span(refused.getMessage()));
        box.setId("trial-refusal");
        box.addClassNames("notice-box", "notice-bad");
        box.getElement().setAttribute("role", "alert");
        if (!refused.requestId().isBlank()) {
            Div request =
                    new Div(
                            new Span(com.vaadin.flow.i18n.I18NProvider.translate("error.request")),
                            CallsNavigation.linkToRequest(refused.requestId()));
            request.addClassName("notice-request");
            box.add(request);
        }
        return box;
    }

    static Div facts(String... facts) {
        Div row = new Div();
        row.addClassName("facts");
        for (String fact : facts) {
            row.add(new Span(fact));
        }
        return row;
    }
}
