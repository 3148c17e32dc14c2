package dev.atrium.portal.quota;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.UnorderedList;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Policies as cards, page by page. Looking again keeps as many as are shown, and the cards
 * themselves as long as their order stays.
 */
final class PolicyList extends Div {
    private final transient Function<PolicyStatus, PolicyCard> make;
    private final UnorderedList cards = new UnorderedList();
    private final Div foot = new Div();
    private List<PolicyStatus> shown = List.of();

    /**
     * An empty list.
     *
     * @param make an empty card for a policy, with what belongs to it
     */
    PolicyList(String id, Function<PolicyStatus, PolicyCard> make) {
        this.make = make;
        setId(id);
        addClassName("quotas");
        foot.addClassName("table-foot");
    }

    /** Every policy that is shown, in its order. */
    List<PolicyStatus> shown() {
        return shown;
    }

    /**
     * Shows what there is now.
     *
     * @param empty stands there when there is nothing
     */
    void load(Function<@Nullable String, Page<PolicyStatus>> source, Component empty) {
        List<PolicyStatus> read = new ArrayList<>();
        String cursor = null;
        do {
            Page<PolicyStatus> page = source.apply(cursor);
            read.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null && read.size() < shown.size());
        show(read, empty);
        showMore(cursor, source);
    }

    /** Begins at the first page again next time. */
    void forget() {
        shown = List.of();
    }

    private void show(List<PolicyStatus> all, Component empty) {
        boolean isSame = !all.isEmpty() && policies(all).equals(policies(shown));
        shown = List.copyOf(all);
        if (isSame && cards.getChildren().count() == all.size()) {
            List<Component> known = cards.getChildren().toList();
            for (int i = 0; i < all.size(); i++) {
                ((PolicyCard) known.get(i)).show(all.get(i));
            }
            return;
        }
        removeAll();
        cards.removeAll();
        all.forEach(this::append);
        if (all.isEmpty()) {
            add(empty);
        } else {
            add(cards, foot);
        }
    }

    private void append(PolicyStatus status) {
        cards.add(make.apply(status).show(status));
    }

    private void showMore(
            @Nullable String cursor, Function<@Nullable String, Page<PolicyStatus>> source) {
        foot.removeAll();
        if (cursor != null) {
            Button more = new Button(getTranslation("table.more"));
            getId().ifPresent(id -> more.setId(id + "-more"));
            more.setDisableOnClick(true);
            more.addClickListener(click -> {
                Page<PolicyStatus> next = source.apply(cursor);
                List<PolicyStatus> all = new ArrayList<>(shown);
                all.addAll(next.items());
                next.items().forEach(this::append);
                shown = List.copyOf(all);
                showMore(next.nextCursor(), source);
            });
            foot.add(more);
        }
    }

    /** A changed policy has other buttons, so it is another card. */
    private static List<Policy> policies(List<PolicyStatus> all) {
        return all.stream().map(PolicyStatus::policy).toList();
    }
}
