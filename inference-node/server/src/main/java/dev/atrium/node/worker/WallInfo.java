package dev.atrium.node.worker;

import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/** Tells operators which wall stands, where they also find out whether the node is well. */
@Component
class WallInfo implements InfoContributor {
    private final Workers workers;

    WallInfo(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail(
                "walls", Map.of("level", workers.wall(), "words", workers.wallInWords()));
    }
}
