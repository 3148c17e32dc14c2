package dev.atrium.registry.error;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The id that the answer, the log lines and the audit rows of one request share. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";
    private static final String MDC_KEY = "requestId";
    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private RequestId() {}

    /** Null outside of a request. */
    public static @Nullable String current() {
        return MDC.get(MDC_KEY);
    }

    static boolean isAcceptable(@Nullable String text) {
        return text != null && ACCEPTABLE.matcher(text).matches();
    }

    static MDC.MDCCloseable bind(String requestId) {
        return MDC.putCloseable(MDC_KEY, requestId);
    }
}
