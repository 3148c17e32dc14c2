package dev.atrium.standalone.seed;

import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.CreateTenant;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.Tenant;
import dev.atrium.standalone.client.ManagementApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the demo data once per installation.
 *
 * @param say where a line of progress goes
 */
public record Seed(Access access, Consumer<String> say) {
    /** What has become of the demo data. */
    public enum State {
        MISSING,
        COMPLETE,
        /** The first start asked for none; later ones keep to that. */
        DECLINED
    }

    public State state() throws IOException {
        Path mark = mark();
        return Files.exists(mark) ? State.valueOf(Files.readString(mark).strip()) : State.MISSING;
    }

    public void decline() throws IOException {
        if (state() == State.MISSING) {
            Files.writeString(mark(), State.DECLINED.name());
        }
    }

    /** Does what is missing, and returns when every model takes calls. */
    public void complete() throws IOException, InterruptedException {
        if (state() != State.MISSING) {
            return;
        }
        long begin = System.nanoTime();
        ManagementApi operator = access.operator();
        for (DemoTenant tenant : DemoTenant.values()) {
            ensure(operator, tenant);
        }
        List<ModelSeed> models =
                List.of(
                        new ModelSeed(operator, SampleModel.MINILM),
                        new ModelSeed(operator, SampleModel.TINY_CHAT),
                        new ModelSeed(access.developer(DemoTenant.ACME), SampleModel.FASHION));
        for (ModelSeed model : models) {
            model.upload();
            say.accept("  demo model %-22s uploaded".formatted(model.sample().name()));
        }
        for (ModelSeed model : models) {
            model.awaitReady();
        }
        Files.writeString(mark(), State.COMPLETE.name());
        say.accept("  demo data ready after %.1f s".formatted((System.nanoTime() - begin) / 1e9));
    }

    private void ensure(ManagementApi operator, DemoTenant demo) throws IOException {
        Tenant tenant =
                operator.all("/admin/tenants", Tenant.class).stream()
                        .filter(known -> known.slug().equals(demo.slug()))
                        .findFirst()
                        .orElseGet(() ->
                                operator.post(
                                        "/admin/tenants",
                                        new CreateTenant(demo.slug(), demo.title(), null),
                                        Tenant.class));
        String members = "/admin/tenants/" + tenant.id() + "/members";
        boolean known =
                operator.all(members, Member.class).stream()
                        .anyMatch(member -> member.email().equals(demo.email()));
        if (!known) {
            String password = access.secrets().password(demo.passwordName());
            operator.post(
                    members,
                    new AddMember(demo.email(), demo.developer(), Role.DEVELOPER, password),
                    AddedMember.class);
        }
    }

    private Path mark() {
        return access.settings().data().path().resolve("demo-data");
    }
}
