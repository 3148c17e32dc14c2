package dev.atrium.portal.quota;

import dev.atrium.portal.registry.CurrentUser;
import dev.atrium.portal.registry.RegistryApiKeys;
import dev.atrium.portal.registry.RegistryModels;
import dev.atrium.portal.registry.RegistryProjects;
import dev.atrium.registry.api.apikey.ApiKey;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.Project;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a new policy may be for, besides the whole tenant. */
final class SubjectChoices {
    /** Sorts of subjects. */
    enum Kind {
        TENANT,
        PROJECT,
        KEY,
        MODEL
    }

    /** One subject by the name that people know. */
    record Choice(String name, PolicySubject subject) {
        static Choice of(ModelName model) {
            return new Choice(model.toString(), new PolicySubject(null, null, model));
        }
    }

    private final Map<Kind, List<Choice>> choices = new EnumMap<>(Kind.class);

    private SubjectChoices() {
        choices.put(Kind.TENANT, List.of());
    }

    /** Of the reader's own tenant. */
    static SubjectChoices own(
            RegistryProjects projects,
            RegistryApiKeys keys,
            RegistryModels models,
            CurrentUser currentUser) {
        SubjectChoices own = new SubjectChoices();
        own.putProjects(projects.all());
        if (currentUser.may(Scope.KEYS_MANAGE)) {
            own.putKeys(keys.all());
        }
        own.putModels(models);
        return own;
    }

    /** Of another tenant, for platform admins. */
    static SubjectChoices of(List<Project> projects, List<ApiKey> keys, RegistryModels models) {
        SubjectChoices foreign = new SubjectChoices();
        foreign.putProjects(projects);
        foreign.putKeys(keys);
        foreign.putModels(models);
        return foreign;
    }

    List<Kind> kinds() {
        return List.copyOf(choices.keySet());
    }

    List<Choice> of(Kind kind) {
        return choices.getOrDefault(kind, List.of());
    }

    /** A full name as people type it; empty for what is none. */
    static Optional<ModelName> model(String typed) {
        String[] parts = typed.strip().split("/", -1);
        boolean isName =
                parts.length == 2
                        && ModelName.isValidPart(parts[0])
                        && ModelName.isValidPart(parts[1]);
        return isName ? Optional.of(new ModelName(parts[0], parts[1])) : Optional.empty();
    }

    /** Those that the reader sees, as far as a list can hold them. */
    static List<ModelName> models(RegistryModels models) {
        return models.choices(null).items().stream().map(Model::name).toList();
    }

    private void putProjects(List<Project> projects) {
        choices.put(Kind.PROJECT, projects.stream().map(SubjectChoices::project).toList());
    }

    private void putKeys(List<ApiKey> keys) {
        choices.put(
                Kind.KEY,
                keys.stream()
                        .filter(key -> key.revokedAt() == null)
                        .map(SubjectChoices::key)
                        .toList());
    }

    private void putModels(RegistryModels models) {
        choices.put(Kind.MODEL, models(models).stream().map(Choice::of).toList());
    }

    private static Choice project(Project project) {
        return new Choice(project.name(), new PolicySubject(project.id(), null, null));
    }

    private static Choice key(ApiKey key) {
        return new Choice(
                key.name() + " (" + key.hint() + ")", new PolicySubject(null, key.id(), null));
    }
}
