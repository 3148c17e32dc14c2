package dev.atrium.registry.mail;

import dev.atrium.registry.mail.MailProperties.Encryption;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.springframework.stereotype.Component;

/** Hands letters to the platform's mail server, one at a time over a connection of its own. */
@Component
class MailServer {
    private static final int PERMANENT = 500;

    private final MailProperties properties;
    private final Session session;
    private final Clock clock;

    MailServer(MailProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        this.session = Session.getInstance(settings(properties));
    }

    /** What became of an attempt. */
    sealed interface Sent {
        record Taken() implements Sent {}

        /** Not now; words for an admin, without what the server said. */
        record Later(String why) implements Sent {}

        /** Never: this address does not exist, or is none. */
        record Never(String why) implements Sent {}
    }

    private static Properties settings(MailProperties properties) {
        Properties settings = new Properties();
        String millis = String.valueOf(properties.timeout().toMillis());
        settings.put("mail.smtp.host", String.valueOf(properties.host()));
        settings.put("mail.smtp.port", String.valueOf(properties.actualPort()));
        settings.put("mail.smtp.connectiontimeout", millis);
        settings.put("mail.smtp.timeout", millis);
        settings.put("mail.smtp.writetimeout", millis);
        settings.put("mail.smtp.auth", String.valueOf(properties.signsIn()));
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        boolean startsTls = properties.encryption() == Encryption.STARTTLS;
        settings.put("mail.smtp.starttls.enable", String.valueOf(startsTls));
        settings.put("mail.smtp.starttls.required", String.valueOf(startsTls));
        boolean isTls = properties.encryption() == Encryption.TLS;
        settings.put("mail.smtp.ssl.enable", String.valueOf(isTls));
        return settings;
    }

    /**
     * @param id the same in every attempt, so that a mailbox that gets two can tell
     */
    Sent send(UUID id, String address, Letter letter) {
        InternetAddress to;
        try {
            to = new InternetAddress(address, true);
            to.validate();
        } catch (AddressException e) {
            return new Sent.Never("this is no mail address");
        }
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = message(id, to, letter);
            if (properties.signsIn()) {
                transport.connect(properties.username(), properties.password());
            } else {
                transport.connect();
            }
            transport.sendMessage(message, message.getAllRecipients());
            return new Sent.Taken();
        } catch (AuthenticationFailedException e) {
            return new Sent.Later("the mail server refuses the sign-in");
        } catch (SendFailedException e) {
            return refused(e);
        } catch (MessagingException e) {
            return new Sent.Later("the mail server does not answer, or not as it should");
        }
    }

    private static Sent refused(SendFailedException failure) {
        for (Exception each = failure; each instanceof MessagingException next; ) {
            if (next instanceof SMTPAddressFailedException address
                    && address.getReturnCode() >= PERMANENT) {
                return new Sent.Never("the mail server refuses this address");
            }
            each = next.getNextException();
        }
        return new Sent.Later("the mail server does not take it now");
    }

    private MimeMessage message(UUID id, InternetAddress to, Letter letter)
            throws MessagingException {
        MimeMessage message = new Identified(session, id);
        message.setFrom(new InternetAddress(Objects.requireNonNull(properties.from()), true));
        message.setRecipient(Message.RecipientType.TO, to);
        message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        // Or holiday notices would answer.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(letter.text(), StandardCharsets.UTF_8.name());
        message.saveChanges();
        return message;
    }

    /** The library would make a new id with every attempt. */
    private static final class Identified extends MimeMessage {
        private final UUID id;

        Identified(Session session, UUID id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + "@atrium>");
        }
    }
}
