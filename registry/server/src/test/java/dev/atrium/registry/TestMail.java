package dev.atrium.registry;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The mail server of all tests of the JVM, behind a way that can be cut. */
public final class TestMail {
    public static final String FROM = "atrium@registry.test";
    private static final GreenMail SERVER =
            new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private static final TcpRelay RELAY = start();

    private TestMail() {}

    private static TcpRelay start() {
        SERVER.start();
        return new TcpRelay(SERVER.getSmtp().getPort());
    }

    static Map<String, String> settings() {
        return Map.of(
                "ATRIUM_SMTP_HOST",
                "127.0.0.1",
                "ATRIUM_SMTP_PORT",
                String.valueOf(port()),
                "ATRIUM_SMTP_ENCRYPTION",
                "none",
                "ATRIUM_SMTP_FROM",
                FROM,
                "atrium.registry.mail.timeout",
                "5s",
                "atrium.registry.mail.first-retry",
                "100ms",
                "atrium.registry.mail.longest-retry",
                "1s");
    }

    public static int port() {
        return RELAY.port();
    }

    public static void goDown() {
        RELAY.cut();
    }

    public static void comeBack() {
        RELAY.mend();
    }

    /** What came for this address. */
    public static List<MimeMessage> to(String address) {
        return Arrays.stream(SERVER.getReceivedMessages())
                .filter(message -> isTo(message, address))
                .toList();
    }

    private static boolean isTo(MimeMessage message, String address) {
        try {
            return message.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
