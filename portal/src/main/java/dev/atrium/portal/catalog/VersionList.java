package dev.atrium.portal.catalog;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.atrium.portal.deployment.DeploymentState;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.paging.Page;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The versions of a model; one of them is selected and shown below. */
final class VersionList extends Div {
    private final Model model;
    private final transient Map<Integer, Deployment> deployments;
    private final transient Clock clock;
    private final List<ModelVersion> all = new ArrayList<>();
    private final Optional<ModelVersion> selected;

    VersionList(
            RegistryModels models,
            Model model,
            Map<Integer, Deployment> deployments,
            Optional<Integer> wanted,
            Clock clock) {
        this.model = model;
        this.deployments = deployments;
        this.clock = clock;
        Page<ModelVersion> first = models.versions(model.name(), null);
        all.addAll(first.items());
        selected = select(wanted, models);
        DataTable<ModelVersion> table = createTable(selected.map(ModelVersion::number).orElse(0));
        table.load(cursor -> cursor == null ? first : models.versions(model.name(), cursor));
        add(table);
    }

    List<ModelVersion> getAll() {
        return all;
    }

    Optional<ModelVersion> getSelected() {
        return selected;
    }

    /** The wanted version, else the one in production, else the newest. */
    private Optional<ModelVersion> select(Optional<Integer> wanted, RegistryModels models) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Integer number =
                wanted.orElse(
                        model.aliases().getOrDefault(Model.PRODUCTION, all.getFirst().number()));
        Optional<ModelVersion> listed =
                all.stream().filter(version -> version.number() == number).findFirst();
        return listed.isPresent() ? listed : Optional.of(models.version(model.name(), number));
    }

    private DataTable<ModelVersion> createTable(int selectedNumber) {
        return new DataTable<ModelVersion>("versions", getTranslation("versions.title"))
                .name(getTranslation("versions.version"), this::createNumber)
                .column(getTranslation("versions.state"), VersionList::state)
                .column(getTranslation("versions.deployment"), this::createDeployment)
                .text(getTranslation("versions.framework"), VersionList::framework)
                .number(
                        getTranslation("versions.size"),
                        version ->
                                version.bytes() == 0
                                        ? "—"
                                        : Amounts.bytes(version.bytes(), getLocale()))
                .column(
                        getTranslation("versions.created"),
                        version -> Moments.ago(version.createdAt(), clock.instant()))
                .text(getTranslation("versions.by"), VersionList::author)
                .selected(version -> version.number() == selectedNumber)
                .rowId(version -> "version-" + version.number());
    }

    private Component createNumber(ModelVersion version) {
        Button open =
                new Button(
                        getTranslation("versions.number", version.number()),
                        click -> CatalogNavigation.toVersion(model.name(), version.number()));
        open.setId("open-version-" + version.number());
        open.addThemeVariants(ButtonVariant.LUMO_TERTIARY_INLINE);
        open.addClassName("row-title");
        Div cell = new Div(open);
        cell.addClassName("chips");
        for (String alias : aliases(model, version.number())) {
            Span tag = new Span(alias);
            tag.addClassNames("tag", "tag-alias");
            cell.add(tag);
        }
        return cell;
    }

    private Component createDeployment(ModelVersion version) {
        Deployment deployment = deployments.get(version.number());
        if (deployment == null || deployment.replicas() == 0) {
            Span none = new Span("—");
            none.addClassName("quiet");
            return none;
        }
        Span count =
                new Span(
                        getTranslation(
                                "deployment.count.short",
                                deployment.ready(),
                                deployment.replicas()));
        count.addClassName("quiet");
        Div cell = new Div(DeploymentState.of(deployment).badge(), count);
        cell.addClassName("chips");
        return cell;
    }

    /** The registry writes who it was with the kind before it, {@code user:ada@acme.example}. */
    static String author(ModelVersion version) {
        String actor = version.createdBy();
        return actor.substring(actor.indexOf(':') + 1);
    }

    static Badge state(ModelVersion version) {
        Tone tone =
                switch (version.state()) {
                    case READY -> Tone.GOOD;
                    case UPLOADING, INSPECTING -> Tone.BUSY;
                    case REJECTED -> Tone.BAD;
                    case RETIRED -> Tone.QUIET;
                };
        VersionState state = version.state();
        return new Badge(
                tone,
                com.vaadin.flow.i18n.I18NProvider.translate(
                        "version." + state.name().toLowerCase(Locale.ROOT)));
    }

    static String framework(ModelVersion version) {
        return framework(
                version.framework() == null
                        ? null
                        : version.framework().name().toLowerCase(Locale.ROOT));
    }

    private static String framework(@Nullable String key) {
        return key == null ? "—" : com.vaadin.flow.i18n.I18NProvider.translate("framework." + key);
    }

    static TreeSet<String> aliases(Model model, int version) {
        TreeSet<String> names = new TreeSet<>();
        model.aliases()
                .forEach((alias, number) -> {
                    if (number == version) {
                        names.add(alias);
                    }
                });
        return names;
    }
}
