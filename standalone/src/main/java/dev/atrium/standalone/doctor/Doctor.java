package dev.atrium.standalone.doctor;

import dev.atrium.standalone.launcher.Leftovers;
import dev.atrium.standalone.launcher.PortCheck;
import dev.atrium.standalone.settings.Port;
import dev.atrium.standalone.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Runs every check and prints a line for each. */
public final class Doctor {
    private final Settings settings;
    private final PrintStream out;

    public Doctor(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /**
     * @return exit code: 1 when a check failed, also when others only warn
     */
    public int run() throws IOException, InterruptedException {
        boolean running = Leftovers.launcher(settings.data()).isPresent();
        List<Finding> findings = new ArrayList<>();
        findings.addAll(Resources.check(settings.home(), settings.data().path(), running));
        findings.addAll(ports(running));
        findings.addAll(addresses());
        findings.addAll(Walls.check(settings));
        findings.addAll(Programs.check());
        findings.forEach(this::print);
        boolean failed = findings.stream().anyMatch(f -> f.level() == Finding.Level.FAIL);
        return failed ? 1 : 0;
    }

    private List<Finding> ports(boolean running) {
        if (running) {
            return List.of(Finding.ok("ports", "held by the running Atrium"));
        }
        List<String> taken = PortCheck.taken(settings, EnumSet.noneOf(Port.class));
        return taken.isEmpty()
                ? List.of(Finding.ok("ports", "all free"))
                : taken.stream().map(Doctor::takenPort).toList();
    }

    private static Finding takenPort(String sentence) {
        int end = sentence.indexOf(';');
        return Finding.fail("ports", sentence.substring(0, end), sentence.substring(end + 2));
    }

    private List<Finding> addresses() {
        return Stream.of(settings.publicUrl(), settings.gatewayUrl(), settings.portalUrl())
                .map(url -> URI.create(url).getHost())
                .distinct()
                .map(Doctor::address)
                .toList();
    }

    private static Finding address(String host) {
        try {
            return Finding.ok(
                    "public address", host + " is " + InetAddress.getByName(host).getHostAddress());
        } catch (UnknownHostException unknown) {
            return Finding.warn(
                    "public address",
                    host + " is not known on this machine",
                    "add it to DNS or /etc/hosts where browsers run");
        }
    }

    private void print(Finding finding) {
        out.printf(
                "%-5s %-16s %s%n",
                finding.level().name().toLowerCase(Locale.ROOT), finding.subject(), finding.text());
        if (finding.fix() != null) {
            out.printf("%-22s -> %s%n", "", finding.fix());
        }
    }
}
