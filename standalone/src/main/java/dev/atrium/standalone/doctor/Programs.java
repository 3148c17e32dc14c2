package dev.atrium.standalone.doctor;

import java.util.ArrayList;
import java.util.List;

/** What the operating system offers: user namespaces, and programs that tests need. */
final class Programs {
    private static final String OPEN_NAMESPACES =
            "Debian: sysctl -w kernel.unprivileged_userns_clone=1; Ubuntu 24.04: sysctl -w"
                    + " kernel.apparmor_restrict_unprivileged_userns=0; in a container: run it with"
                    + " the seccomp profile of docker-compose.yml";

    private Programs() {}

    static List<Finding> check() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            findings.add(userNamespaces());
        }
        findings.add(
                forTests("chromium", List.of("chromium", "chromium-browser", "google-chrome")));
        findings.add(forTests("nodejs", List.of("node")));
        findings.add(forTests("npm", List.of("npm")));
        return findings;
    }

    private static Finding userNamespaces() throws InterruptedException {
        boolean root = "root".equals(System.getProperty("user.name"));
        boolean open = Probe.works("unshare", "-U", "true");
        if (open) {
            return Finding.ok("user namespaces", "open");
        }
        return root
                ? Finding.fail(
                        "user namespaces",
                        "closed, and PostgreSQL does not run as root without one",
                        "start Atrium as an ordinary user, or open them. " + OPEN_NAMESPACES)
                : Finding.warn("user namespaces", "closed", OPEN_NAMESPACES);
    }

    private static Finding forTests(String name, List<String> programs) {
        boolean installed = programs.stream().anyMatch(Probe::isInstalled);
        return installed
                ? Finding.ok(name, "installed")
                : Finding.warn(
                        name,
                        "not installed; only ./atrium test needs it",
                        "apt-get install -y " + name);
    }
}
