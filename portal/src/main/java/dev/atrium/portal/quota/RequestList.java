package dev.atrium.portal.quota;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.UnorderedList;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.QuotaRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests as cards, page by page; drawn anew only when there are others than before. */
final class RequestList extends Div {
    private final transient Function<QuotaRequest, RequestCard> make;
    private final UnorderedList cards = new UnorderedList();
    private final Div foot = new Div();
    private List<QuotaRequest> shown = List.of();
    private boolean loaded;

    RequestList(String id, Function<QuotaRequest, RequestCard> make) {
        this.make = make;
        setId(id);
        addClassName("quotas");
        foot.addClassName("table-foot");
    }

    boolean isEmpty() {
        return shown.isEmpty();
    }

    /**
     * Shows what there is now, as many as were shown before.
     *
     * @param empty stands there when there is nothing
     */
    void load(Function<@Nullable String, Page<QuotaRequest>> source, Div empty) {
        List<QuotaRequest> read = new ArrayList<>();
        String cursor = null;
        do {
            Page<QuotaRequest> page = source.apply(cursor);
            read.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null && read.size() < shown.size());
        if (loaded && read.equals(shown)) {
            return;
        }
        loaded = true;
        shown = List.copyOf(read);
        removeAll();
        cards.removeAll();
        read.forEach(request -> cards.add(make.apply(request)));
        if (read.isEmpty()) {
            add(empty);
        } else {
            add(cards, foot);
        }
        showMore(cursor, source);
    }

    /** Begins at the first page again next time. */
    void forget() {
        shown = List.of();
        loaded = false;
    }

    private void showMore(
            @Nullable String cursor, Function<@Nullable String, Page<QuotaRequest>> source) {
        foot.removeAll();
        if (cursor == null) {
            return;
        }
        Button more = new Button(getTranslation("table.more"));
        getId().ifPresent(id -> more.setId(id + "-more"));
        more.setDisableOnClick(true);
        more.addClickListener(click -> {
            Page<QuotaRequest> next = source.apply(cursor);
            next.items().forEach(request -> cards.add(make.apply(request)));
            List<QuotaRequest> all = new ArrayList<>(shown);
            all.addAll(next.items());
            shown = List.copyOf(all);
            showMore(next.nextCursor(), source);
        });
        foot.add(more);
    }
}
