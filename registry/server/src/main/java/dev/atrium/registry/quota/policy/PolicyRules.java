package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** What a policy may say; the database checks the same. */
public final class PolicyRules {
    private static final int MAX_NAME = 200;
    private static final long MAX_AMOUNT = 1_000_000_000_000_000L;
    private static final int DEFAULT_WARN_PERCENT = 80;

    private PolicyRules() {}

    public static String name(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > MAX_NAME) {
            throw new InvalidRequestException("'name' must have 1 to " + MAX_NAME + " characters");
        }
        return stripped;
    }

    public static void fits(Unit unit, Window window) {
        if (unit == Unit.CONCURRENCY && window != Window.NONE) {
            throw new InvalidRequestException(
                    "'window' is "
                            + window
                            + ", but CONCURRENCY counts calls at the same time: its window is"
                            + " NONE");
        }
        if (unit != Unit.CONCURRENCY && window == Window.NONE) {
            throw new InvalidRequestException(
                    "'window' is NONE, which is for CONCURRENCY only; "
                            + unit
                            + " needs one of SECOND, MINUTE, HOUR, DAY, MONTH, LIFETIME");
        }
        if (unit == Unit.STORED_BYTES && window != Window.LIFETIME) {
            throw new InvalidRequestException(
                    "'window' is "
                            + window
                            + ", but STORED_BYTES counts what is kept now: its window is LIFETIME");
        }
        if (unit == Unit.COST_MICROS && window.isRate()) {
            throw new InvalidRequestException(
                    "'window' is " + window + ", but a budget is for HOUR, DAY, MONTH or LIFETIME");
        }
    }

    /** What is stored belongs to a project; no key or model of a call has to do with it. */
    public static void fits(Unit unit, PolicySubject subject) {
        if (unit == Unit.STORED_BYTES && (subject.apiKeyId() != null || subject.model() != null)) {
            throw new InvalidRequestException(
                    "'subject' is a key or a model, but STORED_BYTES is for a tenant or a project");
        }
    }

    public static long amount(long amount) {
        if (amount < 0 || amount > MAX_AMOUNT) {
            throw new InvalidRequestException(
                    "'amount' is " + amount + " but must be 0 to " + MAX_AMOUNT);
        }
        return amount;
    }

    /** A rate may come at once by default; a rate of 0 has a burst nobody can use. */
    public static @Nullable Long burst(Window window, @Nullable Long burst, long amount) {
        if (!window.isRate()) {
            if (burst != null) {
                throw new InvalidRequestException(
                        "'burst' is for rates (SECOND, MINUTE) only; the window is " + window);
            }
            return null;
        }
        if (burst == null) {
            return Math.max(1, amount);
        }
        if (burst < 1 || burst > MAX_AMOUNT) {
            throw new InvalidRequestException(
                    "'burst' is " + burst + " but must be 1 to " + MAX_AMOUNT);
        }
        return burst;
    }

    public static Mode mode(Window window, @Nullable Mode mode) {
        if (mode == Mode.SOFT && !window.isQuota()) {
            throw new InvalidRequestException(
                    "'mode' is SOFT, which is for quotas (HOUR to LIFETIME) only; to see what a"
                            + " rate or a level would refuse, use DRY_RUN");
        }
        return mode == null ? Mode.HARD : mode;
    }

    public static int warnPercent(@Nullable Integer percent) {
        int checked = percent == null ? DEFAULT_WARN_PERCENT : percent;
        if (checked < 1 || checked > 100) {
            throw new InvalidRequestException(
                    "'warnPercent' is " + checked + " but must be 1 to 100");
        }
        return checked;
    }
}
