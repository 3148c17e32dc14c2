package dev.atrium.registry.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP request over a connection of its own. By hand, because a client library resolves the
 * name once more, and follows where it is sent: here the address that was checked is connected to,
 * its certificate must be the name's, and of the answer only the first line is read.
 */
final class Post {
    private static final int LONGEST_LINE = 1_024;

    private final Target target;
    private final InetAddress address;
    private final Duration connectTimeout;

    Post(Target target, InetAddress address, Duration connectTimeout) {
        this.target = target;
        this.address = address;
        this.connectTimeout = connectTimeout;
    }

    /**
     * Sends it; to be interrupted by closing the socket.
     *
     * @return the status of the answer
     */
    int send(Socket socket, Map<String, String> headers, byte[] body) throws IOException {
        int millis = Math.toIntExact(connectTimeout.toMillis());
        socket.connect(new InetSocketAddress(address, target.port()), millis);
        socket.setSoTimeout(millis);
        if (!target.encrypted()) {
            return exchange(socket, headers, body);
        }
        try (SSLSocket encrypted = encrypted(socket)) {
            encrypted.startHandshake();
            return exchange(encrypted, headers, body);
        }
    }

    private SSLSocket encrypted(Socket socket) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket encrypted =
                (SSLSocket) factory.createSocket(socket, target.hostName(), target.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        return encrypted;
    }

    private int exchange(Socket socket, Map<String, String> headers, byte[] body)
            throws IOException {
        StringBuilder head =
                new StringBuilder("POST ")
                        .append(target.path())
                        .append(" HTTP/1.1\r\nHost: ")
                        .append(target.authority())
                        .append("\r\nConnection: close\r\nContent-Length: ")
                        .append(body.length)
                        .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = socket.getOutputStream();
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return status(firstLine(socket.getInputStream()));
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next == -1 || line.length() >= LONGEST_LINE) {
                throw new IOException("no HTTP answer");
            }
            line.append((char) next);
            next = in.read();
        }
        return line.toString();
    }

    private static int status(String line) throws IOException {
        String[] parts = line.strip().split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("\\d{3}")) {
            throw new IOException("no HTTP answer");
        }
        return Integer.parseInt(parts[1]);
    }
}
