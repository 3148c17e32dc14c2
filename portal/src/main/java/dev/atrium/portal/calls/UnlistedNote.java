package dev.atrium.portal.calls;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Moments;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import java.util.List;

/** How many more calls were refused than are listed, of the newest minutes. */
final class UnlistedNote extends Div {
    static final int MOST = 5;

    /**
     * @param lines one more than {@link #MOST} where there are others
     */
    UnlistedNote(List<UnlistedRefusals> lines) {
        setId("unlisted");
        addClassNames("notice-box", "notice-quiet");
        for (UnlistedRefusals line : lines.subList(0, Math.min(lines.size(), MOST))) {
            add(
                    new Span(
                            getTranslation(
                                    "calls.unlisted",
                                    Amounts.count(line.calls(), getLocale()),
                                    line.code(),
                                    Moments.formatted(line.minute(), getLocale()))));
        }
        if (lines.size() > MOST) {
            add(new Span(getTranslation("calls.unlisted.more")));
        }
        setVisible(!lines.isEmpty());
    }
}
