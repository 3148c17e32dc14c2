package dev.atrium.portal.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.server.ErrorEvent;
import com.vaadin.flow.server.ErrorHandler;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import dev.atrium.portal.address.Addresses;
import dev.atrium.portal.design.Notices;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Answers whatever goes wrong in reaction to a click: the one error handler of every session. */
@Component
class SessionErrors implements VaadinServiceInitListener, ErrorHandler {
    private static final Logger log = LoggerFactory.getLogger(SessionErrors.class);

    private final transient Addresses addresses;

    SessionErrors(Addresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource().addSessionInitListener(init -> init.getSession().setErrorHandler(this));
    }

    @Override
    public void error(ErrorEvent event) {
        UI ui = UI.getCurrent();
        if (ui == null) {
            log.error("Unexpected failure without a page", event.getThrowable());
            return;
        }
        Failure failure = Failure.of(event.getThrowable());
        switch (failure.kind()) {
            case SIGN_IN -> new SessionEndedDialog(failure).open();
            case CHANGE_PASSWORD -> ui.getPage().setLocation(addresses.changePassword());
            case NOT_FOUND, RETRY, REFUSED, INTERNAL ->
                    Notices.error(failure.title(), failure.detail(), failure.requestId());
        }
    }
}
