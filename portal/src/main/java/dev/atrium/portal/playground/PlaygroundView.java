package dev.atrium.portal.playground;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.gateway.GatewayClient;
import dev.atrium.portal.gateway.GatewayException;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import jakarta.annotation.security.RolesAllowed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Route(PlaygroundNavigation.PATH)
@Menu(title = "nav.playground", order = 20, icon = "play")
@RolesAllowed(Permissions.INFERENCE_INVOKE)
class PlaygroundView extends Div implements BeforeEnterObserver, TitledPage {
    private static final Logger log = LoggerFactory.getLogger(PlaygroundView.class);
    private static final int IN_PRODUCTION = 0;

    private final transient RegistryModels models;
    private final transient GatewayClient gateway;

    PlaygroundView(RegistryModels models, GatewayClient gateway) {
        this.models = models;
        this.gateway = gateway;
        addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        QueryParameters query = event.getLocation().getQueryParameters();
        Optional<String> wanted = query.getSingleParameter(PlaygroundNavigation.MODEL);
        Integer version =
                query.getSingleParameter(PlaygroundNavigation.VERSION)
                        .filter(text -> text.matches("\\d{1,9}"))
                        .map(Integer::valueOf)
                        .orElse(null);
        removeAll();
        add(header());
        Optional<Set<String>> callable = callable();
        List<Model> choices = choices(callable);
        if (choices.isEmpty()) {
            add(createEmpty());
            return;
        }
        Model chosen =
                choices.stream()
                        .filter(model -> wanted.filter(model.name().toString()::equals).isPresent())
                        .findFirst()
                        .orElse(choices.getFirst());
        show(chosen, version, choices, callable);
    }

    @Override
    public String texts() {
        return "playground";
    }

    private void show(
            Model chosen,
            @Nullable Integer version,
            List<Model> choices,
            Optional<Set<String>> callable) {
        Div choice = new Div(createModelChoice(chosen, choices));
        choice.addClassName("filter");
        add(choice);
        if (callable.isPresent() && !callable.get().contains(chosen.name().toString())) {
            Div note = new Div(new Span(getTranslation("playground.notready")));
            note.setId("not-ready");
            note.addClassNames("notice-box", "notice-quiet");
            add(note);
        }
        switch (chosen.task()) {
            case TEXT_EMBEDDING -> add(new EmbeddingTrial(gateway, chosen.name()));
            case TEXT_GENERATION -> add(new ChatTrial(gateway, chosen.name()));
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    AUTOMATIC_SPEECH_RECOGNITION -> {
                List<ModelVersion> versions = readyVersions(chosen);
                choice.add(createVersionChoice(chosen, version, versions));
                add(
                        new PredictTrial(
                                gateway,
                                chosen,
                                version,
                                called(chosen, version, versions)
                                        .map(ModelVersion::settings)
                                        .orElse(VersionSettings.DEFAULT)));
            }
            case TENSORS -> {
                List<ModelVersion> versions = readyVersions(chosen);
                choice.add(createVersionChoice(chosen, version, versions));
                add(
                        new TensorTrial(
                                gateway,
                                chosen.name(),
                                version,
                                called(chosen, version, versions)
                                        .map(ModelVersion::signature)
                                        .orElse(Signature.UNKNOWN)));
            }
        }
    }

    /** Models that answer come first. */
    private List<Model> choices(Optional<Set<String>> callable) {
        Set<String> ready = callable.orElse(Set.of());
        return models.choices(null).items().stream()
                .sorted(
                        Comparator.comparing(
                                        (Model model) -> !ready.contains(model.name().toString()))
                                .thenComparing(model -> !model.own())
                                .thenComparing(model -> model.name().toString()))
                .toList();
    }

    private Optional<Set<String>> callable() {
        try {
            return Optional.of(gateway.callableModels());
        } catch (GatewayException e) {
            log.warn("Models are offered without knowing whether they answer: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private ComboBox<Model> createModelChoice(Model chosen, List<Model> choices) {
        ComboBox<Model> choice = new ComboBox<>();
        choice.setId("playground-model");
        choice.setLabel(getTranslation("playground.model"));
        choice.setItems(choices);
        choice.setItemLabelGenerator(model -> model.name().toString());
        choice.setRenderer(new ComponentRenderer<>(PlaygroundView::createOption));
        choice.setValue(chosen);
        choice.addValueChangeListener(
                change -> go(Objects.requireNonNullElse(change.getValue(), chosen), IN_PRODUCTION));
        return choice;
    }

    private static Div createOption(Model model) {
        Span name = new Span(model.name().toString());
        Span task =
                new Span(
                        com.vaadin.flow.i18n.I18NProvider.translate(
                                "task." + model.task().name().toLowerCase(Locale.ROOT)));
        task.addClassName("quiet");
        Div option = new Div(name, task);
        option.addClassName("stack");
        return option;
    }

    private Select<Integer> createVersionChoice(
            Model model, @Nullable Integer version, List<ModelVersion> versions) {
        Select<Integer> choice = new Select<>();
        choice.setId("playground-version");
        choice.setLabel(getTranslation("playground.version"));
        List<Integer> numbers = new java.util.ArrayList<>(List.of(IN_PRODUCTION));
        versions.forEach(each -> numbers.add(each.number()));
        choice.setItems(numbers);
        choice.setItemLabelGenerator(number ->
                number == IN_PRODUCTION
                        ? getTranslation("playground.version.production")
                        : getTranslation("versions.number", number));
        choice.setValue(version != null && numbers.contains(version) ? version : IN_PRODUCTION);
        choice.addValueChangeListener(change -> go(model, change.getValue()));
        return choice;
    }

    private List<ModelVersion> readyVersions(Model model) {
        return models.versions(model.name(), null).items().stream()
                .filter(version -> version.state() == VersionState.READY)
                .toList();
    }

    private static Optional<ModelVersion> called(
            Model model, @Nullable Integer version, List<ModelVersion> versions) {
        Integer number = version != null ? version : model.aliases().get(Model.PRODUCTION);
        return versions.stream()
                .filter(each -> number == null || each.number() == number)
                .findFirst();
    }

    private EmptyState createEmpty() {
        Anchor models = new Anchor("models", getTranslation("playground.empty.action"));
        models.addClassName("button-link");
        return new EmptyState(
                Icon.PLAY,
                getTranslation("playground.empty.title"),
                getTranslation("playground.empty.text"),
                models);
    }

    private static void go(Model model, int version) {
        Map<String, String> query = new HashMap<>();
        query.put(PlaygroundNavigation.MODEL, model.name().toString());
        if (version != IN_PRODUCTION) {
            query.put(PlaygroundNavigation.VERSION, String.valueOf(version));
        }
        UI.getCurrent().navigate(PlaygroundView.class, QueryParameters.simple(query));
    }
}
