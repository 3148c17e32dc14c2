package dev.atrium.node;

import dev.atrium.node.inference.NodeApi;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/** The node's one port: calls go to {@link NodeApi}, everything else to Spring. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {
    /**
     * As many loops as cores, since nothing waits on them, and one more that takes connections in;
     * of this process's own, so that closing one context never stops another's.
     */
    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        resources.setLoopResourcesSupplier(() -> LoopResources.create("node", 1, cores, true));
        return resources;
    }

    @Bean
    NettyReactiveWebServerFactory nodeServer(
            ReactorResourceFactory resources,
            ObjectProvider<NettyServerCustomizer> customizers,
            NodeApi api) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        factory.setResourceFactory(resources);
        factory.setServerCustomizers(customizers.orderedStream().toList());
        factory.addRouteProviders(routes -> routes.route(NodeApi::isCall, api::handle));
        return factory;
    }
}
