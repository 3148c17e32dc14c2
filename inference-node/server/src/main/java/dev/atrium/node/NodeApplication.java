package dev.atrium.node;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class NodeApplication {
    /**
     * Netty as short calls want it, unless the operator says otherwise: the memory of buffers
     * without checks that the JDK repeats, and a stack trace of one buffer in many thousands, not
     * of every hundredth. It reads this once, before anything else of it runs.
     *
     * @see "docs/adr/0017-lean-hot-path.md"
     */
    private static final Map<String, String> NETTY =
            Map.of(
                    "io.netty.noUnsafe", "false",
                    "io.netty.leakDetection.samplingInterval", "16384");

    public static void main(String[] args) {
        NETTY.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        SpringApplication.run(NodeApplication.class, args);
    }
}
