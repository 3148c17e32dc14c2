package dev.atrium.gateway.web;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.NettyPipeline;

/** Limits and time-outs of the public port, and the event loops it shares with the node client. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {
    /** Loops of this process's own, so that closing one context never stops another's. */
    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        return resources;
    }

    @Bean
    NettyServerCustomizer publicPort(WebProperties properties, ApiFamilies families, CallIds ids) {
        return server ->
                server.httpRequestDecoder(decoder ->
                                decoder.maxHeaderSize((int) properties.maxHeaders().toBytes())
                                        .maxInitialLineLength((int) properties.maxUri().toBytes())
                                        .validateHeaders(true))
                        .doOnChannelInit((observer, channel, address) -> {
                            HeaderTimeout timeout = new HeaderTimeout(properties.headerTimeout());
                            channel.pipeline()
                                    .addBefore(
                                            NettyPipeline.HttpCodec,
                                            "atrium.writes",
                                            new WriteTimeout(properties.writeTimeout()))
                                    .addBefore(
                                            NettyPipeline.HttpCodec,
                                            "atrium.bytes",
                                            timeout.beforeDecoding())
                                    .addAfter(
                                            NettyPipeline.HttpCodec,
                                            "atrium.requests",
                                            timeout.afterDecoding())
                                    .addAfter(
                                            NettyPipeline.HttpCodec,
                                            "atrium.malformed",
                                            new MalformedRequests(families, ids));
                        })
                        .readTimeout(properties.bodyTimeout())
                        .requestTimeout(properties.requestTimeout())
                        .idleTimeout(properties.idleTimeout());
    }
}
