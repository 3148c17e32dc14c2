package dev.atrium.portal.gateway;

/** The gateway refused a call, or could not be reached; the message is written for people. */
public class GatewayException extends RuntimeException {
    private final int status;
    private final String requestId;

    GatewayException(int status, String message, String requestId) {
        super(message);
        this.status = status;
        this.requestId = requestId;
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
        this.requestId = "";
    }

    /** The HTTP status; 0 when there was no answer. */
    public int status() {
        return status;
    }

    public String requestId() {
        return requestId;
    }
}
