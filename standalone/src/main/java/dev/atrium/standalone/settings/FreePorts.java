package dev.atrium.standalone.settings;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A free port for each of Atrium's listeners, as the variables that move them. */
public final class FreePorts {
    private FreePorts() {}

    /** Free at this moment; whoever comes first may still take one. */
    public static Map<String, String> asVariables() throws IOException {
        Map<String, String> variables = new HashMap<>();
        List<ServerSocket> reserved = new ArrayList<>();
        for (Port port : Port.values()) {
            ServerSocket socket = new ServerSocket(0);
            reserved.add(socket);
            variables.put(port.variable(), Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        return variables;
    }
}
