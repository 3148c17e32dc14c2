package dev.atrium.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Settings;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortCheckTests {
    @Test
    void namesTheTakenPortItsHolderAndTheVariable() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            Settings settings =
                    Settings.of(
                            Path.of("."),
                            Map.of("ATRIUM_GATEWAY_PORT", "" + socket.getLocalPort()));

            List<String> taken =
                    PortCheck.taken(settings, EnumSet.complementOf(EnumSet.of(Port.GATEWAY)));

            assertThat(taken)
                    .containsExactly(
                            "port %d (gateway) is taken by java (pid %d); free it, or move Atrium's"
                                            .formatted(
                                                    socket.getLocalPort(),
                                                    ProcessHandle.current().pid())
                                    + " with ATRIUM_GATEWAY_PORT");
        }
    }
}
