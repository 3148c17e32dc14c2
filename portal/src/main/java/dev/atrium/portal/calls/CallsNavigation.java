package dev.atrium.portal.calls;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.RouteParameters;
import com.vaadin.flow.router.RouterLink;
import dev.atrium.portal.design.Mono;
import java.util.UUID;

/** The ways to the calls. */
public final class CallsNavigation {
    static final String PATH = "calls";
    static final String ID = "id";
    private static final int SHORT = 13;

    private CallsNavigation() {}

    static void toCalls(CallsQuery query) {
        UI.getCurrent().navigate(CallsView.class, query.parameters());
    }

    static void toCall(UUID callId) {
        UI.getCurrent().navigate(CallView.class, parameters(callId.toString()));
    }

    /** The beginning of a call's id, which leads to all that is known of it. */
    static RouterLink link(UUID callId) {
        RouterLink link = new RouterLink(CallView.class, parameters(callId.toString()));
        link.add(Mono.shortened(callId.toString(), SHORT));
        return link;
    }

    /** The whole id of an answer, for where a call has just been made. */
    public static RouterLink linkToRequest(String requestId) {
        RouterLink link = new RouterLink(CallView.class, parameters(requestId));
        link.add(new Mono(requestId));
        link.setId("to-call");
        return link;
    }

    private static RouteParameters parameters(String id) {
        return new RouteParameters(ID, id);
    }
}
