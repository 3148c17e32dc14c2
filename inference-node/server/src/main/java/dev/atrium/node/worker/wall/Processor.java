package dev.atrium.node.worker.wall;

import java.util.Optional;

/** Processors whose system calls are known here, with the name the kernel's filters use. */
enum Processor {
    X86_64(0xC000003E),
    ARM64(0xC00000B7);

    private final int auditName;

    Processor(int auditName) {
        this.auditName = auditName;
    }

    int auditName() {
        return auditName;
    }

    /** Empty on others, and on other systems than Linux. */
    static Optional<Processor> here() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(ARM64);
            default -> Optional.empty();
        };
    }

    /**
     * @throws IllegalStateException on others
     */
    static Processor required() {
        return here().orElseThrow(() ->
                new IllegalStateException(
                        "system calls are known on Linux for x86-64 and ARM64" + " only"));
    }
}
