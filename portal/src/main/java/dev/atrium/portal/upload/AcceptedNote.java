package dev.atrium.portal.upload;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.SignatureTable;
import dev.atrium.registry.api.catalog.ModelVersion;

/** Says what the inspection found in an accepted version. */
final class AcceptedNote extends Div {
    AcceptedNote(ModelVersion version, boolean isDeploying) {
        setId("upload-accepted");
        addClassName("secret-note");
        Div head =
                new Div(
                        new Badge(Tone.GOOD, getTranslation("upload.accepted")),
                        new Mono(version.model() + " · v" + version.number()));
        head.addClassName("badges");
        add(head);
        String framework =
                version.framework() == null
                        ? ""
                        : getTranslation(
                                "framework."
                                        + version.framework()
                                                .name()
                                                .toLowerCase(java.util.Locale.ROOT));
        add(
                new Paragraph(
                        getTranslation(
                                "upload.accepted.text",
                                framework,
                                Amounts.bytes(version.bytes(), getLocale()),
                                version.files().size())));
        add(new SignatureTable("upload-signature", version.signature()));
        Span next =
                new Span(
                        getTranslation(
                                isDeploying
                                        ? "upload.accepted.deploying"
                                        : "upload.accepted.next"));
        next.addClassName("hint");
        add(next);
    }
}
