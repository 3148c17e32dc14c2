package dev.atrium.gateway.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;

/** Limits and time-outs of the public port, and the event loops it shares with the node client. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {
    /**
     * Loops of this process's own, so that closing one context never stops another's; as many as
     * there are cores, since nothing waits on them and each one more is a switch of threads more.
     *
     * <p>One more takes connections in. A loop that did so beside its work could give a new one the
     * number of a socket that it has just closed, and the events that still wait for that one:
     * Netty (4.2.18) then loses the new connection with its second request.
     */
    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        resources.setLoopResourcesSupplier(() -> LoopResources.create("public", 1, cores, true));
        return resources;
    }

    /**
     * A server that hands requests over as reactor-netty has them: Spring's own requests and
     * answers would cost each call a parsed URI and a second set of headers.
     */
    @Bean
    NettyReactiveWebServerFactory publicServer(
            ReactorResourceFactory resources,
            ObjectProvider<NettyServerCustomizer> customizers,
            PublicApi api) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        factory.setResourceFactory(resources);
        factory.setServerCustomizers(customizers.orderedStream().toList());
        factory.addRouteProviders(routes -> routes.route(request -> true, api::handle));
        return factory;
    }

    @Bean
    NettyServerCustomizer publicPort(WebProperties properties, ApiFamilies families, CallIds ids) {
        return server ->
                server.httpRequestDecoder(decoder ->
                                decoder.maxHeaderSize((int) properties.maxHeaders().toBytes())
                                        .maxInitialLineLength((int) properties.maxUri().toBytes())
                                        .validateHeaders(true))
                        .doOnChannelInit((observer, channel, address) -> {
                            ClientTimeouts timeouts = new ClientTimeouts(properties);
                            channel.pipeline()
                                    .addBefore(
                                            NettyPipeline.HttpCodec,
                                            "atrium.writes",
                                            new WriteTimeout(properties.writeTimeout()))
                                    .addBefore(
                                            NettyPipeline.HttpCodec,
                                            "atrium.bytes",
                                            timeouts.beforeDecoding())
                                    .addAfter(
                                            NettyPipeline.HttpCodec,
                                            "atrium.requests",
                                            timeouts.afterDecoding())
                                    .addAfter(
                                            NettyPipeline.HttpCodec,
                                            "atrium.malformed",
                                            new MalformedRequests(families, ids));
                        });
    }
}
