package dev.atrium.registry.quota.policy;

import org.springframework.context.ApplicationContext;

/** What the leader does each minute, now. */
public final class TestSweep {
    private TestSweep() {}

    public static void run(ApplicationContext registry) {
        registry.getBean(GoneKeySweep.class).sweep();
    }
}
