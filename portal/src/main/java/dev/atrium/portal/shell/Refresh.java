package dev.atrium.portal.shell;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.shared.Registration;
import dev.atrium.portal.registry.RegistryUnreachableException;
import org.jspecify.annotations.Nullable;

/** Looks again every few seconds as long as the page is open; says so when it cannot. */
public final class Refresh extends Span {
    private static final int PERIOD_MILLIS = 5000;
    private static final int NO_POLLING = -1;

    private final Runnable reload;
    private @Nullable Registration polling;

    public Refresh(Runnable reload) {
        this.reload = reload;
        addClassName("quiet");
        setText(getTranslation("refresh.note"));
    }

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        polling = event.getUI().addPollListener(poll -> refresh());
        event.getUI().setPollInterval(PERIOD_MILLIS);
    }

    @Override
    protected void onDetach(DetachEvent event) {
        super.onDetach(event);
        if (polling != null) {
            polling.remove();
        }
        event.getUI().setPollInterval(NO_POLLING);
    }

    private void refresh() {
        try {
            reload.run();
            setText(getTranslation("refresh.note"));
        } catch (RegistryUnreachableException e) {
            setText(getTranslation("deployment.stale"));
        }
    }
}
