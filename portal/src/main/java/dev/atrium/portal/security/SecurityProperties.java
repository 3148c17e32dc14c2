package dev.atrium.portal.security;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The portal as an OAuth client of the registry.
 *
 * @param clientSecret secret of the client {@code portal}, the same as the registry's
 * @param renewBefore how long before its end an access token is replaced
 * @param timeout longest wait for the token endpoint
 */
@Validated
@ConfigurationProperties("atrium.portal.security")
record SecurityProperties(
        @NotBlank(message = "set ATRIUM_PORTAL_CLIENT_SECRET to the secret the registry knows")
                String clientSecret,
        @NotNull @DefaultValue("60s") Duration renewBefore,
        @NotNull @DefaultValue("10s") Duration timeout) {

    @Override
    public String toString() {
        return "SecurityProperties[clientSecret=(hidden), renewBefore=" + renewBefore + "]";
    }
}
