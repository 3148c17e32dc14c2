package dev.atrium.registry.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mail server of the platform.
 *
 * @param host without one nobody is told by mail
 * @param port 0 takes that of the encryption: 587, 465 or 25
 * @param encryption of the connection; a server that cannot do it is not talked to
 * @param username null or empty signs in nowhere
 * @param from address of the sender, needed with a host
 * @param timeout longest wait for a connection, and for each answer
 * @param firstRetry pause after the first failure; each further one doubles it
 * @param longestRetry longest pause
 * @param giveUpAfter age at which a letter is given up
 * @param keep how long is kept what became of letters
 */
@ConfigurationProperties("atrium.registry.mail")
record MailProperties(
        @Nullable String host,
        @DefaultValue("0") int port,
        @DefaultValue("starttls") Encryption encryption,
        @Nullable String username,
        @Nullable String password,
        @Nullable String from,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("30s") Duration firstRetry,
        @DefaultValue("6h") Duration longestRetry,
        @DefaultValue("3d") Duration giveUpAfter,
        @DefaultValue("30d") Duration keep) {
    /** How the connection to the server is kept private. */
    enum Encryption {
        /** The connection is encrypted before anything is said on it but the wish to. */
        STARTTLS(587),
        /** Encrypted from the first byte on. */
        TLS(465),
        /** For a server on the same machine or network. */
        NONE(25);

        private final int port;

        Encryption(int port) {
            this.port = port;
        }
    }

    MailProperties {
        if (isGiven(host) && !isAddress(from)) {
            throw new IllegalArgumentException(
                    "atrium.registry.mail.from (ATRIUM_SMTP_FROM) must be a mail address, because"
                            + " atrium.registry.mail.host is set");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "atrium.registry.mail.port (ATRIUM_SMTP_PORT) is " + port + ", no port");
        }
    }

    boolean isOn() {
        return isGiven(host);
    }

    boolean signsIn() {
        return isGiven(username);
    }

    int actualPort() {
        return port == 0 ? encryption.port : port;
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static boolean isAddress(@Nullable String text) {
        try {
            new InternetAddress(String.valueOf(text), true).validate();
            return isGiven(text) && String.valueOf(text).indexOf('@') > 0;
        } catch (AddressException e) {
            return false;
        }
    }
}
