package dev.atrium.registry.webhook;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.springframework.stereotype.Component;

/**
 * Sends one request to where a tenant wants to be told, over a connection of its own. It connects
 * to the very addresses that were checked, follows nobody elsewhere and reads nothing of the answer
 * but its head.
 */
@Component
class Post {
    private final CloseableHttpClient http;
    private final ScheduledThreadPoolExecutor alarm;
    private final long answerMillis;

    Post(WebhookProperties properties) {
        this.answerMillis = properties.answerTimeout().toMillis();
        this.alarm = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
        this.alarm.setRemoveOnCancelPolicy(true);
        Timeout step = Timeout.of(properties.connectTimeout());
        this.http =
                HttpClients.custom()
                        .setConnectionManager(connections(properties, step))
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(step)
                                        .setResponseTimeout(step)
                                        .build())
                        .setConnectionReuseStrategy((request, response, context) -> false)
                        .setUserAgent("Atrium")
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableAuthCaching()
                        .disableCookieManagement()
                        .disableContentCompression()
                        .build();
    }

    private static HttpClientConnectionManager connections(
            WebhookProperties properties, Timeout step) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new PublicHosts(properties.allowLoopback()))
                .setMaxConnTotal(Courier.AT_ONCE)
                .setMaxConnPerRoute(Courier.AT_ONCE)
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(step)
                                .setSocketTimeout(step)
                                .build())
                .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(step).build())
                .build();
    }

    @PreDestroy
    void close() throws IOException {
        alarm.shutdownNow();
        http.close();
    }

    /**
     * Sends a JSON body.
     *
     * @return the status of the answer
     * @throws PublicHosts.RefusedAddressException where the host has an address that is not public
     */
    int send(URI uri, Map<String, String> headers, String body) throws IOException {
        HttpPost request = new HttpPost(uri);
        headers.forEach(request::setHeader);
        request.setEntity(
                new ByteArrayEntity(
                        body.getBytes(StandardCharsets.UTF_8), ContentType.APPLICATION_JSON));
        // The client's own limits are for one step each, and a receiver can take many.
        ScheduledFuture<?> tooLate =
                alarm.schedule(request::cancel, answerMillis, TimeUnit.MILLISECONDS);
        try (ClassicHttpResponse answer = http.executeOpen(null, request, null)) {
            return answer.getCode();
        } finally {
            tooLate.cancel(false);
        }
    }
}
