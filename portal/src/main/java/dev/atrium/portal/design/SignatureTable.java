package dev.atrium.portal.design;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Inputs and outputs of a version. */
public final class SignatureTable extends Div {
    public SignatureTable(String id, Signature signature) {
        setId(id);
        List<Row> rows = new ArrayList<>();
        signature.inputs().forEach(spec -> rows.add(new Row("signature.input", spec)));
        signature.outputs().forEach(spec -> rows.add(new Row("signature.output", spec)));
        if (rows.isEmpty()) {
            Paragraph none = new Paragraph(getTranslation("signature.unknown"));
            none.addClassName("hint");
            add(none);
            return;
        }
        DataTable<Row> table =
                new DataTable<Row>(id + "-table", getTranslation("signature.title"))
                        .name(getTranslation("signature.name"), row -> new Mono(row.spec().name()))
                        .text(
                                getTranslation("signature.direction"),
                                row -> getTranslation(row.direction()))
                        .column(
                                getTranslation("signature.datatype"),
                                row -> new Mono(row.spec().datatype()))
                        .column(
                                getTranslation("signature.shape"),
                                row -> new Mono(shape(row.spec())));
        table.show(rows);
        add(table);
    }

    /** A variable dimension is shown as {@code ?}. */
    static String shape(TensorSpec spec) {
        return spec.shape().stream()
                .map(size -> size < 0 ? "?" : String.valueOf(size))
                .collect(Collectors.joining(" × ", "[", "]"));
    }

    private record Row(String direction, TensorSpec spec) {}
}
