package dev.atrium.portal.deployment;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.shared.Registration;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.Badge;
import dev.atrium.portal.design.Badge.Tone;
import dev.atrium.portal.design.Confirmation;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.Moments;
import dev.atrium.portal.design.Notices;
import dev.atrium.portal.registry.RegistryDeployments;
import dev.atrium.portal.registry.RegistryUnreachableException;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The deployment of one version; looks again by itself while replicas are on their way. */
public final class DeploymentPanel extends Div {
    private static final int MOVING_MILLIS = 1500;
    private static final int CALM_MILLIS = 10_000;
    private static final int NO_POLLING = -1;
    private static final List<Integer> IDLE_SECONDS = List.of(0, 300, 900, 3600);

    private final transient RegistryDeployments deployments;
    private final transient Clock clock;
    private final ModelVersion version;
    private final boolean mayDeploy;
    private final Runnable whenChanged;
    private @Nullable Registration polling;
    private Optional<Deployment> shown = Optional.empty();

    /**
     * Shows the deployment of a version that is READY in the catalog.
     *
     * @param whenChanged runs when a state changed that other parts of the page show, too
     */
    public DeploymentPanel(
            RegistryDeployments deployments,
            Clock clock,
            ModelVersion version,
            boolean mayDeploy,
            Runnable whenChanged) {
        this.deployments = deployments;
        this.clock = clock;
        this.version = version;
        this.mayDeploy = mayDeploy;
        this.whenChanged = whenChanged;
        setId("deployment");
        addClassName("deployment");
        show(deployments.of(version.model(), version.number()));
    }

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        polling = event.getUI().addPollListener(poll -> refresh());
        pace(event.getUI());
    }

    @Override
    protected void onDetach(DetachEvent event) {
        super.onDetach(event);
        if (polling != null) {
            polling.remove();
        }
        event.getUI().setPollInterval(NO_POLLING);
    }

    private void refresh() {
        DeploymentState before = state();
        try {
            show(deployments.of(version.model(), version.number()));
        } catch (RegistryUnreachableException e) {
            // A notice every second would bury the page: it says here that it is not fresh.
            showStale();
        }
        getUI().ifPresent(this::pace);
        if (before != state()) {
            whenChanged.run();
        }
    }

    private DeploymentState state() {
        return shown.map(DeploymentState::of).orElse(DeploymentState.NONE);
    }

    private void pace(UI ui) {
        ui.setPollInterval(state().isMoving() ? MOVING_MILLIS : CALM_MILLIS);
    }

    private void showStale() {
        Paragraph note = new Paragraph(getTranslation("deployment.stale"));
        note.addClassName("notice-once");
        if (getChildren().noneMatch(child -> child.hasClassName("notice-once"))) {
            addComponentAsFirst(note);
        }
    }

    private void show(Optional<Deployment> deployment) {
        shown = deployment.filter(found -> found.replicas() > 0);
        removeAll();
        if (shown.isEmpty()) {
            add(createNone());
        } else {
            add(createHead(shown.get()));
            addExecution(shown.get());
            add(createReplicas(shown.get()));
        }
    }

    private Div createNone() {
        Paragraph text = new Paragraph(getTranslation("deployment.none.text"));
        text.addClassName("hint");
        Div row = new Div(text);
        row.addClassName("split");
        if (mayDeploy) {
            Button deploy = new Button(getTranslation("deployment.deploy"));
            deploy.setId("deploy");
            deploy.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
            deploy.addClickListener(click -> change(1));
            row.add(deploy);
        }
        return row;
    }

    private Div createHead(Deployment deployment) {
        Span ready =
                new Span(
                        getTranslation(
                                "deployment.count", deployment.ready(), deployment.replicas()));
        ready.addClassName("quiet");
        Div state = new Div(DeploymentState.of(deployment).badge(), ready);
        state.addClassName("badges");
        Div row = new Div(state);
        row.addClassName("split");
        if (mayDeploy) {
            row.add(createActions(deployment));
        }
        return row;
    }

    private Div createActions(Deployment deployment) {
        Button fewer = new Button("−", click -> change(deployment.replicas() - 1));
        fewer.setId("fewer-replicas");
        fewer.setAriaLabel(getTranslation("deployment.fewer"));
        fewer.setTooltipText(getTranslation("deployment.fewer"));
        fewer.setEnabled(deployment.replicas() > 1);
        Span count = new Span(String.valueOf(deployment.replicas()));
        count.addClassName("stepper-count");
        Button more = new Button("+", click -> change(deployment.replicas() + 1));
        more.setId("more-replicas");
        more.setAriaLabel(getTranslation("deployment.more"));
        more.setTooltipText(getTranslation("deployment.more"));
        Div stepper = new Div(fewer, count, more);
        stepper.addClassName("stepper");
        Button undeploy = new Button(getTranslation("deployment.undeploy"));
        undeploy.setId("undeploy");
        undeploy.addThemeVariants(ButtonVariant.LUMO_TERTIARY, ButtonVariant.LUMO_ERROR);
        undeploy.addClickListener(click -> confirmUndeploy());
        Div actions =
                new Div(
                        createSettings(),
                        createIdle(deployment),
                        createPin(deployment),
                        stepper,
                        undeploy);
        actions.addClassName("actions");
        return actions;
    }

    private void addExecution(Deployment deployment) {
        String words = ExecutionWords.of(deployment.computedBy(), this);
        if (!words.isEmpty()) {
            Paragraph said = new Paragraph(words);
            said.setId("execution");
            said.addClassName("hint");
            add(said);
        }
    }

    private Button createSettings() {
        Button settings = new Button(getTranslation("execution.button"), click -> askExecution());
        settings.setId("execution-settings");
        settings.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        return settings;
    }

    private void askExecution() {
        shown.ifPresent(deployment ->
                new ExecutionDialog(
                                deployment.computedBy(),
                                version.framework() != Framework.GGUF,
                                execution -> compute(deployment, execution))
                        .open());
    }

    private void compute(Deployment deployment, Execution execution) {
        show(
                Optional.of(
                        deployments.compute(
                                version.model(),
                                version.number(),
                                deployment.replicas(),
                                execution)));
        getUI().ifPresent(this::pace);
    }

    private Checkbox createPin(Deployment deployment) {
        Checkbox pin = new Checkbox(getTranslation("deployment.pinned"), deployment.pinned());
        pin.setId("pinned");
        pin.setTooltipText(getTranslation("deployment.pinned.hint"));
        pin.addValueChangeListener(change ->
                show(
                        Optional.of(
                                deployments.pin(
                                        version.model(),
                                        version.number(),
                                        deployment.replicas(),
                                        change.getValue()))));
        return pin;
    }

    private Select<Integer> createIdle(Deployment deployment) {
        Select<Integer> idle = new Select<>();
        idle.setId("idle");
        idle.setLabel(getTranslation("deployment.idle"));
        idle.setHelperText(getTranslation("deployment.idle.hint"));
        idle.setItems(
                Stream.concat(IDLE_SECONDS.stream(), Stream.of(deployment.idleSeconds()))
                        .distinct()
                        .sorted()
                        .toList());
        idle.setItemLabelGenerator(this::idleInWords);
        idle.setValue(deployment.idleSeconds());
        idle.addValueChangeListener(change ->
                show(
                        Optional.of(
                                deployments.unloadAfter(
                                        version.model(),
                                        version.number(),
                                        deployment.replicas(),
                                        change.getValue()))));
        return idle;
    }

    private String idleInWords(int seconds) {
        if (seconds == 0) {
            return getTranslation("deployment.idle.never");
        }
        return seconds % 60 == 0
                ? getTranslation("deployment.idle.minutes", seconds / 60)
                : getTranslation("deployment.idle.seconds", seconds);
    }

    private DataTable<Replica> createReplicas(Deployment deployment) {
        Locale locale = getLocale();
        DataTable<Replica> table =
                new DataTable<Replica>("replicas", getTranslation("deployment.replicas"))
                        .name(
                                getTranslation("replica.node"),
                                replica -> {
                                    Span node = new Span(replica.nodeName());
                                    node.addClassName("row-title");
                                    return node;
                                })
                        .column(getTranslation("replica.state"), this::createState)
                        .number(
                                getTranslation("replica.memory"),
                                replica ->
                                        replica.residentBytes() == 0
                                                ? "—"
                                                : Amounts.bytes(replica.residentBytes(), locale))
                        .column(
                                getTranslation("replica.since"),
                                replica -> Moments.ago(replica.since(), clock.instant()))
                        .rowId(replica -> "replica-" + replica.placementId());
        table.show(deployment.placements());
        return table;
    }

    private Component createState(Replica replica) {
        Badge badge =
                new Badge(
                        tone(replica.state()),
                        getTranslation(
                                "replica." + replica.state().name().toLowerCase(Locale.ROOT)));
        if (replica.reason() == null) {
            return badge;
        }
        Span reason = new Span(replica.reason());
        reason.addClassName("reason");
        Div cell = new Div(badge, reason);
        cell.addClassName("stack");
        return cell;
    }

    private static Tone tone(ReplicaState state) {
        return switch (state) {
            case READY -> Tone.GOOD;
            case FAILED -> Tone.BAD;
            case UNLOADED, DRAINING -> Tone.QUIET;
            case PENDING, FETCHING, LOADING, WARMING_UP -> Tone.BUSY;
        };
    }

    private void change(int replicas) {
        show(Optional.of(deployments.deploy(version.model(), version.number(), replicas)));
        getUI().ifPresent(this::pace);
        whenChanged.run();
    }

    private void confirmUndeploy() {
        Confirmation.ask(
                "confirm-undeploy",
                getTranslation("deployment.undeploy.title", version.number()),
                getTranslation("deployment.undeploy.text", version.model().toString()),
                getTranslation("deployment.undeploy"),
                () -> {
                    deployments.undeploy(version.model(), version.number());
                    Notices.success(getTranslation("deployment.undeploy.done", version.number()));
                    show(Optional.empty());
                    whenChanged.run();
                });
    }
}
