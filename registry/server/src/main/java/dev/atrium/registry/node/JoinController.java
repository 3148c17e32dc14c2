package dev.atrium.registry.node;

import dev.atrium.registry.api.node.GatewayHeartbeat;
import dev.atrium.registry.api.node.GatewayHeartbeatReply;
import dev.atrium.registry.api.node.Join;
import dev.atrium.registry.api.node.Joined;
import dev.atrium.registry.machine.Machine;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Joining, and the heartbeats of gateways; those of nodes carry replicas and are answered there.
 */
@RestController
@RequestMapping("/internal/v1")
class JoinController {
    private final Joining joining;
    private final GatewayService gateways;

    JoinController(Joining joining, GatewayService gateways) {
        this.joining = joining;
        this.gateways = gateways;
    }

    @PostMapping("/join")
    Joined join(@RequestBody Join wish) {
        return joining.join(wish);
    }

    @PostMapping("/gateways/heartbeat")
    GatewayHeartbeatReply beat(Machine gateway, @RequestBody GatewayHeartbeat heartbeat) {
        return gateways.beat(gateway, heartbeat);
    }
}
