package dev.atrium.gateway.web;

/** An answer without an exchange. */
public final class SimulatedAnswer {
    private SimulatedAnswer() {}

    public static void copy(AnswerCopy to, int status, byte[] body) {
        to.whole(status, "application/json", body);
    }
}
