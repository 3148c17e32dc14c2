package dev.atrium.registry.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The second listener, for gateways, nodes and health checks. */
@Component
public class InternalConnector
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    private static final int HEADER_TIMEOUT_MILLIS = 10_000;

    private final Connector connector;

    InternalConnector(WebProperties properties) {
        this.connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(properties.internalPort());
        connector.setThrowOnFailure(true);
        connector.setXpoweredBy(false);
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
        protocol.setExecutor(new VirtualThreadExecutor("internal-"));
        protocol.setConnectionTimeout(HEADER_TIMEOUT_MILLIS);
        if (!properties.internalAddress().isBlank()) {
            protocol.setAddress(address(properties.internalAddress()));
        }
    }

    private static InetAddress address(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "atrium.registry.web.internal-address is '" + name + "', unknown here", e);
        }
    }

    /** The port it listens on, once started. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Where this process reaches it itself. */
    public String url() {
        InetAddress bound = ((AbstractProtocol<?>) connector.getProtocolHandler()).getAddress();
        InetAddress address =
                bound == null || bound.isAnyLocalAddress()
                        ? InetAddress.getLoopbackAddress()
                        : bound;
        String host = address.getHostAddress();
        return "http://"
                + (address instanceof Inet6Address ? "[" + host + "]" : host)
                + ":"
                + port();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addAdditionalConnectors(connector);
    }
}
