package dev.atrium.portal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.PollEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarTester;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.tenancy.Role;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelViewIT extends ViewTest {
    @BeforeEach
    void fill() {
        SampleData.fill(state);
    }

    @Test
    void showsTheVersionInProduction() {
        open(SampleData.FASHION);

        assertThat(rows("versions")).isEqualTo(3);
        assertThat(text()).contains("Version 2", "[? × 1 × 28 × 28]", "model.onnx", "1.7 MB");
        assertThat(rows("replicas")).isEqualTo(2);
    }

    @Test
    void saysWhyAVersionWasRejected() {
        open(SampleData.FASHION);

        click("open-version-3");

        assertThat(text()).contains("holds a Python pickle");
        assertThat(has("deployment")).isFalse();
        assertThat(location()).isEqualTo("models/acme/fashion?version=3");
    }

    @Test
    void saysWhyAReplicaFailed() {
        open(SampleData.CHURN);

        assertThat(text()).contains("FancyNorm", "node-2");
    }

    @Test
    void deploysAndFollowsTheReplicas() {
        open(SampleData.FASHION);
        click("open-version-1");

        click("deploy");
        assertThat(text()).contains("Loading", "0 of 1 replicas ready");
        becomeReady(1);
        poll();

        assertThat(text()).contains("1 of 1 replicas ready");
        assertThat(text()).doesNotContain("Loading");
    }

    @Test
    void staysCalmWhileTheRegistryIsAway() {
        open(SampleData.FASHION);

        REGISTRY.cutOff(true);
        poll();
        assertThat(text()).contains("what you see may be old");
        REGISTRY.cutOff(false);
        poll();

        assertThat(text()).doesNotContain("what you see may be old");
    }

    @Test
    void changesTheNumberOfReplicas() {
        open(SampleData.FASHION);

        click("more-replicas");

        assertThat(deployment(2).replicas()).isEqualTo(3);
    }

    @Test
    void letsADeploymentMakeWayForOthersAndKeepsItAgain() {
        open(SampleData.FASHION);
        Supplier<Checkbox> pin = () -> $(Checkbox.class).withId("pinned").single();
        assertThat(pin.get().getValue()).isTrue();

        test(pin.get()).click();

        assertThat(deployment(2).pinned()).isFalse();
        assertThat(deployment(2).replicas()).isEqualTo(2);
        click("more-replicas");
        assertThat(deployment(2).pinned()).as("only the size changed").isFalse();
        test(pin.get()).click();
        assertThat(deployment(2).pinned()).isTrue();
    }

    @Test
    @SuppressWarnings("unchecked")
    void letsADeploymentBeLoadedByCalls() {
        open(SampleData.FASHION);
        Supplier<Select<Integer>> idle = () -> $(Select.class).withId("idle").single();
        assertThat(idle.get().getValue()).isZero();

        test(idle.get()).selectItem("After 15 min");

        assertThat(deployment(2).idleSeconds()).isEqualTo(900);
        assertThat(deployment(2).pinned()).as("nothing else changed").isTrue();
        click("more-replicas");
        assertThat(deployment(2).idleSeconds()).as("only the size changed").isEqualTo(900);
        test(idle.get()).selectItem("Never");
        assertThat(deployment(2).idleSeconds()).isZero();
    }

    @Test
    void saysHowADeploymentIsComputed() {
        open(SampleData.FASHION);
        assertThat(has("execution")).isFalse();

        click("execution-settings");
        $(IntegerField.class).withId("execution-threads").single().setValue(2);
        $(IntegerField.class).withId("execution-max-rows").single().setValue(16);
        $(TextField.class).withId("execution-preferred-rows").single().setValue("4, 8");
        click("execution-dialog-submit");

        assertThat(deployment(2).computedBy())
                .isEqualTo(
                        new Execution(
                                2,
                                null,
                                null,
                                null,
                                new Batching(null, 16, null, null, List.of(4, 8))));
        assertThat($(Paragraph.class).withId("execution").single().getText())
                .contains("2 threads", "16 rows", "4, 8");
        click("more-replicas");
        assertThat(deployment(2).computedBy().threads()).as("only the size changed").isEqualTo(2);
    }

    @Test
    void refusesAWaitThatNoNodeWouldKeep() {
        open(SampleData.FASHION);

        click("execution-settings");
        $(IntegerField.class).withId("execution-max-delay").single().setValue(1_000);
        click("execution-dialog-submit");

        assertThat(has("execution-dialog")).isTrue();
        assertThat(deployment(2).computedBy()).isEqualTo(Execution.DEFAULT);
    }

    @Test
    void undeploysOnlyAfterConfirmation() {
        open(SampleData.FASHION);

        click("undeploy");
        assertThat(state.deployments).anyMatch(d -> d.model().equals(SampleData.FASHION));
        test($(ConfirmDialog.class).withId("confirm-undeploy").single()).confirm();

        assertThat(state.deployments).noneMatch(d -> d.model().equals(SampleData.FASHION));
        assertThat(has("deploy")).isTrue();
    }

    @Test
    @SuppressWarnings("unchecked")
    void movesAnAlias() {
        open(SampleData.FASHION);
        click("open-version-1");
        click("set-alias");
        ComboBox<String> alias = $(ComboBox.class).withId("alias-name").single();
        assertThat(alias.getValue()).isEqualTo("production");

        click("alias-dialog-submit");

        assertThat(model(SampleData.FASHION).aliases()).containsEntry("production", 1);
    }

    @Test
    void editsTheDescription() {
        open(SampleData.FASHION);
        chooseMore("Edit");
        test($(TextArea.class).withId("edit-description").single()).setValue("Better words");

        click("edit-model-dialog-submit");

        assertThat(model(SampleData.FASHION).description()).isEqualTo("Better words");
    }

    @Test
    void saysWhatStandsInTheWayOfDeleting() {
        open(SampleData.FASHION);
        chooseMore("Delete");

        failing(() ->
                test($(ConfirmDialog.class).withId("confirm-delete-model").single()).confirm());

        assertThat(notices()).contains("still has a deployment");
        assertThat(state.models).anyMatch(m -> m.name().equals(SampleData.FASHION));
    }

    @Test
    void offersNoChangesToAForeignModel() {
        open(SampleData.MINILM);

        assertThat(has("upload-version")).isFalse();
        assertThat(has("model-more")).isFalse();
        assertThat(has("set-alias")).isFalse();
        assertThat(has("try-model")).isTrue();
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void offersNoChangesToViewers() {
        open(SampleData.FASHION);

        assertThat(has("undeploy")).isFalse();
        assertThat(has("upload-version")).isFalse();
        assertThat(has("try-model")).isFalse();
        assertThat(rows("replicas")).isEqualTo(2);
    }

    @Test
    void answersAnUnknownModelLikeAnyUnknownPage() {
        navigateToFailure("models/globex/secret");
        assertThat(text()).contains("Nothing here");

        navigateToFailure("models/NOT%20A/name");
        assertThat(text()).contains("Nothing here");
    }

    private void chooseMore(String item) {
        new MenuBarTester<>($(MenuBar.class).withId("model-more").single()).clickItem("⋯", item);
    }

    private static void open(ModelName name) {
        UI.getCurrent().navigate("models/" + name);
    }

    private static String location() {
        return UI.getCurrent().getInternals().getActiveViewLocation().getPathWithQueryParameters();
    }

    private static void poll() {
        ComponentUtil.fireEvent(UI.getCurrent(), new PollEvent(UI.getCurrent(), true));
    }

    private Model model(ModelName name) {
        return state.models.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    private Deployment deployment(int version) {
        return state.deployments.stream()
                .filter(d -> d.model().equals(SampleData.FASHION) && d.version() == version)
                .findFirst()
                .orElseThrow();
    }

    private void becomeReady(int version) {
        Deployment old = deployment(version);
        state.deployments.remove(old);
        state.deployments.add(
                new Deployment(
                        old.versionId(),
                        old.model(),
                        old.version(),
                        old.replicas(),
                        old.pinned(),
                        old.idleSeconds(),
                        old.execution(),
                        old.placements().stream()
                                .map(r ->
                                        new Replica(
                                                r.placementId(),
                                                r.nodeId(),
                                                r.nodeName(),
                                                ReplicaState.READY,
                                                null,
                                                1000,
                                                Instant.now()))
                                .toList(),
                        old.createdAt()));
    }
}
