package dev.atrium.portal.design;

import com.vaadin.flow.component.icon.SvgIcon;

/** The portal's own line icons, symbols of {@code icons.svg}. */
public enum Icon {
    ADD,
    ALERT,
    ARROW,
    BACK,
    BELL,
    CALLS,
    CHECK,
    CHEVRON,
    CLOSE,
    COPY,
    EDIT,
    GATEWAY,
    HOME,
    KEY,
    MEMBERS,
    MODEL,
    MOON,
    NODE,
    PLAN,
    PLAY,
    QUOTA,
    REQUEST,
    REQUESTS,
    SEARCH,
    SIGN_OUT,
    STATEMENT,
    STOP,
    SUN,
    TENANT,
    TRASH,
    UPLOAD,
    USAGE;

    public static final String SPRITE = "icons.svg";

    /** A decorative icon; the component around it carries the words. */
    public SvgIcon create() {
        SvgIcon icon = new SvgIcon(SPRITE, symbol());
        icon.addClassName("icon");
        icon.getElement().setAttribute("aria-hidden", "true");
        return icon;
    }

    public String symbol() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
