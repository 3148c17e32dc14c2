package dev.atrium.bench.peer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/** A {@code WebFilter} that passes bytes through; it does not even look at the key. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class WebFilterProxy {
    private static final int CONNECTIONS = 512;

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(WebFilterProxy.class);
        application.setAdditionalProfiles("web-filter");
        application.run(arguments);
    }

    @Bean
    WebFilter proxy(@Value("${bench.upstream}") String upstream, ReactorResourceFactory resources) {
        HttpClient client =
                HttpClient.create(ConnectionProvider.create("upstream", CONNECTIONS))
                        .runOn(resources.getLoopResources());
        return (exchange, chain) -> {
            ServerHttpRequest request = exchange.getRequest();
            ServerHttpResponse response = exchange.getResponse();
            return client.headers(
                            headers -> {
                                headers.set(
                                        HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
                                headers.set(
                                        HttpHeaders.CONTENT_LENGTH,
                                        request.getHeaders().getContentLength());
                            })
                    .post()
                    .uri(upstream + request.getURI().getRawPath())
                    .send(request.getBody().map(NettyDataBufferFactory::toByteBuf))
                    .response((answer, body) -> pass(answer, body, response))
                    .then();
        };
    }

    private static Mono<Void> pass(
            HttpClientResponse answer, ByteBufFlux body, ServerHttpResponse response) {
        NettyDataBufferFactory buffers = (NettyDataBufferFactory) response.bufferFactory();
        response.setStatusCode(HttpStatusCode.valueOf(answer.status().code()));
        String type = answer.responseHeaders().get(HttpHeaders.CONTENT_TYPE);
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, type);
        if (type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)) {
            return response.writeAndFlushWith(
                    body.retain().map(part -> Mono.just(buffers.wrap(part))));
        }
        response.getHeaders()
                .setContentLength(
                        Long.parseLong(answer.responseHeaders().get(HttpHeaders.CONTENT_LENGTH)));
        return response.writeWith(body.retain().map(buffers::wrap));
    }
}
