package dev.atrium.portal.usage;

import com.vaadin.flow.component.UI;

/** The way to the usage page. */
public final class UsageNavigation {
    static final String PATH = "usage";

    private UsageNavigation() {}

    public static void toUsage() {
        UI.getCurrent().navigate(UsageView.class);
    }
}
