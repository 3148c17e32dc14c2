package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.i18n.I18NProvider;
import com.vaadin.flow.router.HasDynamicTitle;

/** A page whose name and lead stand in the texts under its own prefix. */
public interface TitledPage extends HasDynamicTitle {
    /** What the keys of its texts begin with: {@code members} for {@code members.title}. */
    String texts();

    default PageHeader header() {
        return new PageHeader(
                I18NProvider.translate(texts() + ".title"),
                I18NProvider.translate(texts() + ".lead"));
    }

    @Override
    default String getPageTitle() {
        return named(I18NProvider.translate(texts() + ".title"));
    }

    /** The browser's title of a page with this name. */
    static String named(String name) {
        return name + " · Atrium";
    }

    /** The card in which a list that reaches the edges stands. */
    static Div card(DataTable<?> table) {
        Div card = new Div(table);
        card.addClassNames("panel", "flush");
        return card;
    }
}
