package dev.atrium.registry.node;

import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.error.InvalidRequestException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** On what a node can compute, as it says and as it is stored. */
final class NodeDevices {
    private static final Pattern DEVICE = Pattern.compile("CPU|GPU:[0-9]{1,3}");

    private NodeDevices() {}

    static String write(NodeCapacity capacity) {
        List<String> devices = capacity.devices();
        if (devices == null) {
            return Execution.CPU;
        }
        if (!devices.stream().allMatch(device -> DEVICE.matcher(device).matches())) {
            throw new InvalidRequestException("'capacity.devices' are CPU and GPU:0, GPU:1, …");
        }
        return String.join(",", devices);
    }

    static List<String> read(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray("devices").getArray());
    }
}
