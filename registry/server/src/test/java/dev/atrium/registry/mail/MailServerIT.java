package dev.atrium.registry.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.TestMail;
import dev.atrium.registry.mail.MailProperties.Encryption;
import dev.atrium.registry.mail.MailServer.Sent;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One letter, to servers that take it and servers that do not. */
class MailServerIT {
    private static final Letter LETTER = new Letter("A limit", "is reached");

    @Test
    void aNameEndsNoLineOfAHeader() throws Exception {
        String to = UUID.randomUUID() + "@header.test";
        Letter letter =
                new Letter(
                        "Atrium: \r\nBcc: spy@header.test\r\n\r\nbody \u2028 Käse 限额 "
                                + "x".repeat(400),
                        "first\r\n.\r\nRCPT TO:<spy@header.test>\n");

        Sent sent = server(TestMail.port(), Encryption.NONE).send(UUID.randomUUID(), to, letter);

        assertThat(sent).isEqualTo(new Sent.Taken());
        MimeMessage message = TestMail.to(to).getFirst();
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(message.getAllRecipients()).hasSize(1);
        assertThat(message.getSubject())
                .startsWith("Atrium: Bcc: spy@header.test body Käse 限额 xxx")
                .hasSize(160);
        assertThat(message.getContent().toString()).contains("RCPT TO:<spy@header.test>");
        assertThat(TestMail.to("spy@header.test")).isEmpty();
    }

    @Test
    void theSameLetterHasTheSameIdEveryTime() throws Exception {
        String to = UUID.randomUUID() + "@twice.test";
        UUID id = UUID.randomUUID();
        MailServer server = server(TestMail.port(), Encryption.NONE);

        server.send(id, to, LETTER);
        server.send(id, to, LETTER);

        assertThat(TestMail.to(to))
                .hasSize(2)
                .allMatch(message -> ("<" + id + "@atrium>").equals(idOf(message)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "a b@c.test",
                "a@c.test\r\nBcc: d@e.test",
                "a@c.test,d@e.test",
                ""
            })
    void sendsNothingToWhatIsNoAddress(String address) {
        assertThat(
                        server(TestMail.port(), Encryption.NONE)
                                .send(UUID.randomUUID(), address, LETTER))
                .isInstanceOf(Sent.Never.class);
    }

    @ParameterizedTest
    @CsvSource({"550, Never", "450, Later"})
    void tellsAnAddressThatIsRefusedForGoodFromOneThatIsNotTakenNow(int code, String kind)
            throws IOException {
        try (ServerSocket refusing = refusing(code)) {
            Sent sent =
                    server(refusing.getLocalPort(), Encryption.NONE)
                            .send(UUID.randomUUID(), "a@b.test", LETTER);

            assertThat(sent.getClass().getSimpleName()).isEqualTo(kind);
        }
    }

    @Test
    void saysNothingInTheClearToAServerThatShouldEncrypt() {
        String to = UUID.randomUUID() + "@clear.test";

        for (Encryption encryption : new Encryption[] {Encryption.STARTTLS, Encryption.TLS}) {
            assertThat(server(TestMail.port(), encryption).send(UUID.randomUUID(), to, LETTER))
                    .isInstanceOf(Sent.Later.class);
        }

        assertThat(TestMail.to(to)).isEmpty();
    }

    @Test
    void settingsSayWhatIsMissing() {
        assertThat(properties(null, 0, Encryption.STARTTLS, null).isOn()).isFalse();
        assertThat(properties("mail.test", 0, Encryption.STARTTLS, TestMail.FROM).actualPort())
                .isEqualTo(587);
        assertThat(properties("mail.test", 0, Encryption.TLS, TestMail.FROM).actualPort())
                .isEqualTo(465);
        for (String from : new String[] {null, "", "nobody", "a@b.test\r\nBcc: c@d.test"}) {
            assertThatThrownBy(() -> properties("mail.test", 0, Encryption.TLS, from))
                    .hasMessageContaining("ATRIUM_SMTP_FROM");
        }
        assertThatThrownBy(() -> properties("mail.test", 70_000, Encryption.TLS, TestMail.FROM))
                .hasMessageContaining("ATRIUM_SMTP_PORT");
    }

    private static String idOf(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MailServer server(int port, Encryption encryption) {
        return new MailServer(
                properties("127.0.0.1", port, encryption, TestMail.FROM), Clock.systemUTC());
    }

    private static MailProperties properties(
            @Nullable String host, int port, Encryption encryption, @Nullable String from) {
        Duration any = Duration.ofSeconds(5);
        return new MailProperties(host, port, encryption, "", "", from, any, any, any, any, any);
    }

    /** A server that takes no recipient. */
    private static ServerSocket refusing(int code) throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket client = server.accept();
                            BufferedReader in =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    client.getInputStream(),
                                                    StandardCharsets.US_ASCII));
                            PrintStream out =
                                    new PrintStream(
                                            client.getOutputStream(),
                                            true,
                                            StandardCharsets.US_ASCII)) {
                        out.print("220 here\r\n");
                        out.flush();
                        String line = in.readLine();
                        while (line != null) {
                            out.print(
                                    (line.startsWith("RCPT") ? code + " no" : "250 yes") + "\r\n");
                            out.flush();
                            line = in.readLine();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return server;
    }
}
