package dev.atrium.portal.catalog;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Section;
import dev.atrium.portal.deployment.DeploymentPanel;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.CodeBlock;
import dev.atrium.portal.design.CopyButton;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.SignatureTable;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import java.time.Clock;

/** Everything about one version: why it was refused, or where it runs, what it takes, its files. */
final class VersionPanel extends Div {
    private static final int SHORT_DIGEST = 12;

    private final transient RegistryModels models;
    private final Model model;
    private final ModelVersion version;
    private final Runnable reload;

    VersionPanel(
            RegistryModels models,
            RegistryDeployments deployments,
            Clock clock,
            Model model,
            ModelVersion version,
            boolean mayDeploy,
            Runnable reload) {
        this.models = models;
        this.model = model;
        this.version = version;
        this.reload = reload;
        setId("version-detail");
        Panel panel = new Panel(getTranslation("versions.number", version.number()));
        if (version.description() != null) {
            panel.hint(version.description());
        }
        panel.setContent(createContent(deployments, clock, mayDeploy));
        if (mayDeploy && version.state() == VersionState.READY) {
            panel.actions(createSetAlias());
        }
        add(panel);
    }

    private Component createContent(
            RegistryDeployments deployments, Clock clock, boolean mayDeploy) {
        Div content = new Div();
        content.addClassName("version-content");
        switch (version.state()) {
            case READY -> {
                if (model.own()) {
                    content.add(
                            part(
                                    "deployment.title",
                                    new DeploymentPanel(
                                            deployments, clock, version, mayDeploy, reload)));
                }
                content.add(
                        part(
                                "signature.title",
                                new SignatureTable("signature", version.signature())));
                content.add(part("files.title", createFiles()));
                if (!version.settings().equals(VersionSettings.DEFAULT)) {
                    content.add(part("settings.title", createSettings()));
                }
            }
            case REJECTED -> content.add(note("notice-bad", String.valueOf(version.rejection())));
            case UPLOADING ->
                    content.add(note("notice-quiet", getTranslation("version.uploading.text")));
            case INSPECTING ->
                    content.add(note("notice-quiet", getTranslation("version.inspecting.text")));
            case RETIRED ->
                    content.add(note("notice-quiet", getTranslation("version.retired.text")));
        }
        return content;
    }

    private Button createSetAlias() {
        boolean isProduction =
                VersionList.aliases(model, version.number()).contains(Model.PRODUCTION);
        Button set = new Button(getTranslation("alias.set"));
        set.setId("set-alias");
        set.addClickListener(
                click -> new AliasDialog(models, model, version, isProduction, reload).open());
        return set;
    }

    private Section part(String key, Component content) {
        Section part = new Section(new H3(getTranslation(key)), content);
        part.addClassName("part");
        return part;
    }

    private static Div note(String kind, String text) {
        Div note = new Div(new Paragraph(text));
        note.addClassNames("notice-box", kind);
        return note;
    }

    private CodeBlock createSettings() {
        CodeBlock block = new CodeBlock(SettingsText.of(version.settings()));
        block.setId("version-settings");
        return block;
    }

    private DataTable<ModelFile> createFiles() {
        DataTable<ModelFile> table =
                new DataTable<ModelFile>("files", getTranslation("files.title"))
                        .name(getTranslation("files.path"), file -> new Mono(file.path()))
                        .number(
                                getTranslation("versions.size"),
                                file -> Amounts.bytes(file.bytes(), getLocale()))
                        .column(getTranslation("files.sha256"), VersionPanel::createDigest);
        table.show(version.files());
        return table;
    }

    private static Component createDigest(ModelFile file) {
        Div cell =
                new Div(Mono.shortened(file.sha256(), SHORT_DIGEST), new CopyButton(file.sha256()));
        cell.addClassName("chips");
        return cell;
    }
}
