package dev.atrium.portal.security;

import dev.atrium.portal.language.Languages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** The few pages for somebody who is not signed in, where no Vaadin view can be shown. */
@Component
class SignInPages {
    private static final Logger log = LoggerFactory.getLogger(SignInPages.class);

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="%s">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s · Atrium</title>
            <link rel="icon" href="%sfavicon.svg">
            <link rel="stylesheet" href="%sstyles.css">
            %s
            </head>
            <body class="plain-page">
            <main class="plain-card">
            <img src="%sfavicon.svg" alt="" width="40" height="40">
            <h1>%s</h1>
            <p>%s</p>
            <a class="plain-action" href="%s">%s</a>
            </main>
            </body>
            </html>
            """;

    private final Languages languages;

    SignInPages(Languages languages) {
        this.languages = languages;
    }

    void registryUnreachable(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Retry-After", "5");
        String again = "<meta http-equiv=\"refresh\" content=\"5; url=/\">";
        write(request, response, HttpStatus.SERVICE_UNAVAILABLE, "signin.unreachable", again);
    }

    void signInFailed(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException failure)
            throws IOException {
        String code =
                failure instanceof OAuth2AuthenticationException oauth
                        ? oauth.getError().getErrorCode()
                        : "sign_in_failed";
        log.warn("Sign-in failed: {}", code);
        write(request, response, HttpStatus.FORBIDDEN, "signin.failed", "");
    }

    private void write(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String key,
            String head)
            throws IOException {
        Locale locale = languages.of(request);
        String title = text(key + ".title", locale);
        response.setStatus(status.value());
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter()
                .write(
                        PAGE.formatted(
                                locale.toLanguageTag(),
                                title,
                                "/",
                                "/",
                                head,
                                "/",
                                title,
                                text(key + ".text", locale),
                                "/",
                                text("signin.again", locale)));
    }

    private String text(String key, Locale locale) {
        return HtmlUtils.htmlEscape(languages.getTranslation(key, locale));
    }
}
