package dev.atrium.registry.signin;

import dev.atrium.registry.web.PublicUrls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The pages' own style sheet, put into each page, and the policy that lets in nothing else. */
@Component
class PageStyle {
    private final String css;
    private final String contentSecurityPolicy;

    PageStyle(PublicUrls urls) {
        this.css = read();
        this.contentSecurityPolicy =
                "default-src 'none'; style-src 'sha256-"
                        + digest(css)
                        + "'; img-src data:; base-uri 'none'; frame-ancestors 'none';"
                        // After the form comes the redirect back to the portal.
                        + " form-action 'self' "
                        + urls.portal();
    }

    String css() {
        return css;
    }

    String contentSecurityPolicy() {
        return contentSecurityPolicy;
    }

    private static String read() {
        try (InputStream file =
                Objects.requireNonNull(
                        PageStyle.class.getResourceAsStream("/templates/pages.css"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
