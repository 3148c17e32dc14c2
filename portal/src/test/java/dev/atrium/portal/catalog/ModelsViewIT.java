package dev.atrium.portal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.QueryParameters;
import dev.atrium.portal.SignedIn;
import dev.atrium.portal.ViewTest;
import dev.atrium.portal.fake.SampleData;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.tenancy.Role;
import org.junit.jupiter.api.Test;

class ModelsViewIT extends ViewTest {
    @Test
    void invitesToUploadTheFirstModel() {
        navigate(ModelsView.class);

        assertThat(text()).contains("No models yet");
        assertThat(has("upload-first-model")).isTrue();
    }

    @Test
    @SignedIn(role = Role.VIEWER)
    void doesNotInviteThoseWhoMayNot() {
        navigate(ModelsView.class);

        assertThat(text()).contains("No models yet");
        assertThat(has("upload-model")).isFalse();
        assertThat(has("upload-first-model")).isFalse();
    }

    @Test
    void listsOwnAndForeignModelsWithTheirState() {
        SampleData.fill(state);

        navigate(ModelsView.class);

        assertThat(rows("models")).isEqualTo(4);
        assertThat(text())
                .contains("acme/fashion", "atrium/minilm", "Failed", "Ready", "Some tenants");
    }

    @Test
    void keepsTheSearchInTheAddress() {
        SampleData.fill(state);
        navigate(ModelsView.class);

        test($(TextField.class).withId("model-search").single()).setValue("chat");

        assertThat(rows("models")).isEqualTo(1);
        assertThat(
                        UI.getCurrent()
                                .getInternals()
                                .getActiveViewLocation()
                                .getPathWithQueryParameters())
                .isEqualTo("models?q=chat");
    }

    @Test
    @SuppressWarnings("unchecked")
    void opensWithTheFilterOfTheAddress() {
        SampleData.fill(state);

        UI.getCurrent().navigate(ModelsView.class, QueryParameters.of("task", "TEXT_EMBEDDING"));

        assertThat(rows("models")).isEqualTo(1);
        Select<Task> task = $(Select.class).withId("model-task").single();
        assertThat(task.getValue()).isEqualTo(Task.TEXT_EMBEDDING);
    }

    @Test
    void helpsWhenNothingMatches() {
        SampleData.fill(state);
        navigate(ModelsView.class);

        test($(TextField.class).withId("model-search").single()).setValue("zzz");

        assertThat(text()).contains("No model matches", "Clear the filter");
    }
}
