package dev.atrium.portal.design;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.function.SerializableFunction;
import com.vaadin.flow.i18n.I18NProvider;
import dev.atrium.registry.api.paging.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of rows from the registry, page by page.
 *
 * <p>A plain HTML table rather than a grid: it reads well with a screen reader, takes the height of
 * its content, and on a phone each row becomes a card whose cells carry their column's name.
 */
public final class DataTable<T> extends Div {
    private final List<Column<T>> columns = new ArrayList<>();
    private final NativeTable table = new NativeTable();
    private final Div foot = new Div();
    private final List<T> rows = new ArrayList<>();
    private @Nullable Component empty;
    private @Nullable SerializableFunction<T, String> rowId;
    private @Nullable Function<T, Boolean> selected;

    public DataTable(String id, String caption) {
        setId(id);
        addClassName("data-table");
        table.getElement().setAttribute("aria-label", caption);
        foot.addClassName("table-foot");
        add(table, foot);
    }

    public DataTable<T> column(String header, SerializableFunction<T, Component> content) {
        columns.add(new Column<>(header, content, ""));
        return this;
    }

    public DataTable<T> text(String header, SerializableFunction<T, String> content) {
        return column(header, row -> new Span(content.apply(row)));
    }

    /** A column of numbers, aligned at the right. */
    public DataTable<T> number(String header, SerializableFunction<T, String> content) {
        columns.add(new Column<>(header, row -> new Span(content.apply(row)), "number"));
        return this;
    }

    /** The column that names the row; on a phone it is the head of the card. */
    public DataTable<T> name(String header, SerializableFunction<T, Component> content) {
        columns.add(new Column<>(header, content, "name"));
        return this;
    }

    /** The last column, with what can be done to the row. */
    public DataTable<T> actions(SerializableFunction<T, Component> content) {
        columns.add(new Column<>(I18NProvider.translate("table.actions"), content, "row-actions"));
        return this;
    }

    /** Gives each row an element id, so that a page can be linked to and tested. */
    public DataTable<T> rowId(SerializableFunction<T, String> id) {
        rowId = id;
        return this;
    }

    public DataTable<T> selected(Function<T, Boolean> isSelected) {
        selected = isSelected;
        return this;
    }

    public DataTable<T> whenEmpty(Component component) {
        empty = component;
        return this;
    }

    public List<T> getRows() {
        return List.copyOf(rows);
    }

    /** Shows the rows of one whole answer. */
    public void show(List<T> all) {
        begin();
        append(all);
        finish();
    }

    /** Loads the first page now and the following ones when asked. */
    public void load(Function<@Nullable String, Page<T>> source) {
        Page<T> first = source.apply(null);
        begin();
        appendPage(first, source);
        finish();
    }

    private void begin() {
        rows.clear();
        removeAll();
        table.getHead().removeAllRows();
        table.getBody().removeAllRows();
        foot.removeAll();
        NativeTableRow heads = new NativeTableRow();
        for (Column<T> column : columns) {
            NativeTableHeaderCell cell = new NativeTableHeaderCell();
            cell.getElement().setAttribute("scope", "col");
            Span text = new Span(column.header());
            if (column.kind().equals("row-actions")) {
                text.addClassName("visually-hidden");
            }
            cell.add(text);
            addKind(cell.getElement(), column.kind());
            heads.add(cell);
        }
        table.getHead().add(heads);
    }

    private void finish() {
        if (rows.isEmpty() && empty != null) {
            add(empty);
        } else {
            add(table, foot);
        }
    }

    private void appendPage(Page<T> page, Function<@Nullable String, Page<T>> source) {
        append(page.items());
        foot.removeAll();
        String next = page.nextCursor();
        if (next != null) {
            Button more = new Button(I18NProvider.translate("table.more"));
            more.addClickListener(click -> appendPage(source.apply(next), source));
            more.setDisableOnClick(true);
            getId().ifPresent(id -> more.setId(id + "-more"));
            foot.add(more);
        }
    }

    private void append(List<T> items) {
        for (T item : items) {
            rows.add(item);
            table.getBody().add(row(item));
        }
    }

    private NativeTableRow row(T item) {
        NativeTableRow row = new NativeTableRow();
        if (rowId != null) {
            row.setId(rowId.apply(item));
        }
        if (selected != null && selected.apply(item)) {
            row.addClassName("selected");
            row.getElement().setAttribute("aria-current", "true");
        }
        for (Column<T> column : columns) {
            NativeTableCell cell = new NativeTableCell();
            cell.getElement().setAttribute("data-label", column.header());
            addKind(cell.getElement(), column.kind());
            cell.add(column.content().apply(item));
            row.add(cell);
        }
        return row;
    }

    private static void addKind(com.vaadin.flow.dom.Element cell, String kind) {
        if (!kind.isEmpty()) {
            cell.getClassList().add(kind);
        }
    }

    private record Column<T>(
            String header, SerializableFunction<T, Component> content, String kind) {}
}
