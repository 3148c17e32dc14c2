package dev.atrium.standalone;

import dev.atrium.registry.api.identity.CreateSignInLink;
import dev.atrium.registry.api.identity.SignInLink;
import dev.atrium.standalone.client.ApiFailure;
import dev.atrium.standalone.client.SignInFailedException;
import dev.atrium.standalone.seed.Access;
import dev.atrium.standalone.seed.DemoKey;
import dev.atrium.standalone.seed.Seed;
import dev.atrium.standalone.settings.Secrets;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/** What a person sees once all is ready: where to go, how to get in, a call to paste. */
record Welcome(Access access, PrintStream out) {
    private static final String ADMIN_EMAIL = "admin@atrium.local";

    void print() throws IOException {
        Settings settings = access.settings();
        out.println();
        out.println("  portal    " + settings.portalUrl());
        out.println("  gateway   " + settings.gatewayUrl() + "/v1 and /v2");
        out.println("  registry  " + settings.publicUrl() + "/api/v1/openapi");
        out.println(
                "  admin     %s, password: %s in %s"
                        .formatted(
                                adminEmail(), Secrets.ADMIN_PASSWORD, settings.data().secrets()));
        try {
            printLink();
            printCall();
        } catch (ApiFailure | SignInFailedException | UncheckedIOException e) {
            out.println("  (no sign-in link or example call: " + e.getMessage() + ")");
        }
    }

    private void printLink() throws IOException {
        SignInLink link =
                access.operator()
                        .post(
                                "/admin/sign-in-links",
                                new CreateSignInLink(adminEmail()),
                                SignInLink.class);
        long minutes = Duration.between(Instant.now(), link.expiresAt()).toMinutes();
        out.println("  sign in   %s  (once, within %d minutes)".formatted(link.url(), minutes));
    }

    private void printCall() throws IOException {
        if (new Seed(access, line -> {}).state() != Seed.State.COMPLETE) {
            out.println();
            out.println("Without the demo data there is no model yet: sign in and upload one.");
            return;
        }
        out.println();
        out.println("Try it:");
        out.println(
                """
                  curl %s/v1/embeddings \\
                    -H "Authorization: Bearer %s" \\
                    -H "Content-Type: application/json" \\
                    -d '{"model": "atrium/minilm", "input": "Hello, Atrium"}'
                """
                        .formatted(access.settings().gatewayUrl(), new DemoKey(access).forExample())
                        .stripTrailing());
    }

    private String adminEmail() {
        return access.settings().environment().getOrDefault("ATRIUM_ADMIN_EMAIL", ADMIN_EMAIL);
    }
}
