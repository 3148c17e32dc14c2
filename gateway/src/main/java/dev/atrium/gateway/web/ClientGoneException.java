package dev.atrium.gateway.web;

/** The client closed the connection before it had the whole answer. */
public final class ClientGoneException extends RuntimeException {
    ClientGoneException() {
        super("the client went away", null, false, false);
    }
}
