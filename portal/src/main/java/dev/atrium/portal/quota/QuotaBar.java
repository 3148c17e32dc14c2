package dev.atrium.portal.quota;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.util.Locale;

/** A bar of what is used, unreconciled and reserved, with the figures in words below. */
final class QuotaBar extends Div {
    private static final int ALL = 100;

    private final Div track = new Div();
    private final Div figures = new Div();
    private final transient PolicyWords words;

    QuotaBar(PolicyWords words) {
        this.words = words;
        addClassName("quota-bar");
        track.addClassName("quota-track");
        track.getElement().setAttribute("role", "meter");
        track.getElement().setAttribute("aria-valuemin", "0");
        track.getElement().setAttribute("aria-valuemax", "100");
        figures.addClassName("quota-figures");
        add(track, figures);
    }

    void show(PolicyStatus status) {
        track.removeAll();
        figures.removeAll();
        BarShares shares = BarShares.of(status);
        addPart("used", shares.used());
        addPart("unreconciled", shares.unreconciled());
        addPart("reserved", shares.reserved());
        track.setClassName("close", Closeness.of(status) == Closeness.CLOSE);
        track.setClassName("spent", Closeness.of(status) == Closeness.SPENT);
        if (isLevel(status)) {
            addFigure(status, "held", status.reserved());
        } else {
            addFigure(status, "used", status.used());
            if (status.unreconciled() > 0) {
                addFigure(status, "unreconciled", status.unreconciled());
            }
            addFigure(status, "reserved", status.reserved());
        }
        addFigure(status, "left", status.left());
        describe(status);
    }

    /** A level is held for a moment and given back, so nothing of it is ever used up. */
    private static boolean isLevel(PolicyStatus status) {
        return status.policy().window() == Window.NONE;
    }

    private void addPart(String kind, double percent) {
        if (percent > 0) {
            Div part = new Div();
            part.addClassNames("quota-part", kind);
            part.setWidth(String.format(Locale.ROOT, "%.3f%%", percent));
            track.add(part);
        }
    }

    private void addFigure(PolicyStatus status, String kind, long amount) {
        Span figure =
                new Span(
                        getTranslation(
                                "quota." + kind, words.figure(status.policy().unit(), amount)));
        figure.addClassNames("quota-figure", kind);
        figure.setTitle(getTranslation("quota." + kind + ".text"));
        figures.add(figure);
    }

    private void describe(PolicyStatus status) {
        Unit unit = status.policy().unit();
        String amount = words.figure(unit, status.policy().amount());
        String left = words.figure(unit, status.left());
        String text =
                isLevel(status)
                        ? getTranslation(
                                "quota.bar.level",
                                words.figure(unit, status.reserved()),
                                amount,
                                left)
                        : getTranslation("quota.bar", status.percent(), amount, left);
        track.getElement()
                .setAttribute("aria-valuenow", String.valueOf(Math.min(status.percent(), ALL)));
        track.getElement().setAttribute("aria-valuetext", text);
        track.getElement()
                .setAttribute("aria-label", getTranslation("quota.bar.of", status.policy().name()));
    }
}
