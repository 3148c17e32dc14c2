package dev.atrium.standalone.distribution;

import java.util.List;
import java.util.regex.Pattern;

/** The four services of a standalone installation, in their order of start. */
public enum ServiceName {
    REGISTRY(
            "registry",
            "registry/server/target",
            "atrium-registry-server",
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=64m")),
    NODE(
            "inference-node",
            "inference-node/server/target",
            "atrium-inference-node-server",
            List.of("-Xmx192m", "-XX:ReservedCodeCacheSize=64m", "-Dai.djl.offline=true")),
    GATEWAY(
            "gateway",
            "gateway/target",
            "atrium-gateway",
            List.of(
                    "-Xmx192m",
                    "-XX:ReservedCodeCacheSize=96m",
                    "-XX:MaxDirectMemorySize=128m",
                    "--sun-misc-unsafe-memory-access=allow")),
    PORTAL(
            "portal",
            "portal/target",
            "atrium-portal",
            List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=48m"));

    private final String title;
    private final String target;
    private final String artifact;
    private final List<String> jvmOptions;

    ServiceName(String title, String target, String artifact, List<String> jvmOptions) {
        this.title = title;
        this.target = target;
        this.artifact = artifact;
        this.jvmOptions = jvmOptions;
    }

    /** Names its folder, its log and its lines on the console. */
    public String title() {
        return title;
    }

    /** The title of one of several processes of this service, counted from 0. */
    public String title(int index) {
        return index == 0 ? title : title + "-" + (index + 1);
    }

    /** Whether a process of this service has that title. */
    public boolean isTitleOf(String process) {
        return process.equals(title) || process.matches(Pattern.quote(title) + "-\\d+");
    }

    String target() {
        return target;
    }

    String artifact() {
        return artifact;
    }

    /**
     * Sized so that all four and PostgreSQL stay under 1.6 GB. The two that are not on the way of a
     * call do without the optimising compiler, which halves the processor time of their start.
     */
    List<String> jvmOptions() {
        return jvmOptions;
    }

    /** Lets a person add options, which win over ours. */
    String optionsVariable() {
        return "ATRIUM_" + name() + "_JAVA_OPTS";
    }
}
