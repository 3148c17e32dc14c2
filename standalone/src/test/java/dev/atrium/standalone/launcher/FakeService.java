package dev.atrium.standalone.launcher;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A small program in a service's place: ready at once, says its environment, dies when asked. */
final class FakeService {
    private FakeService() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("hello from " + System.getenv("FAKE_NAME"));
        if (arguments[0].equals("broken")) {
            System.out.println("cannot work");
            System.exit(3);
        }
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                        0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    if (exchange.getRequestURI().getPath().equals("/die")) {
                        Runtime.getRuntime().halt(9);
                    }
                });
        server.start();
    }
}
