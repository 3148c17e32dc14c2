package dev.atrium.gateway.upstream;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/** A node's answer: its headers, and a body that is read once. */
public final class NodeAnswer {
    private static final long MOST_TOKENS = 1_000_000_000;
    private static final long MOST_COMPUTE_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    private final int status;
    private final HttpHeaders headers;
    private final Flux<ByteBuf> body;

    NodeAnswer(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    /**
     * The body as it comes; a buffer is gone after its signal unless it is retained. Fails with a
     * {@link NodeFailure} when the node vanishes or the deadline passes.
     */
    public Flux<ByteBuf> body() {
        return body;
    }

    /** The whole body, of a length that the caller is ready to hold. */
    public Mono<byte[]> bytes(int longest) {
        int expected = (int) Math.clamp(length(), 0, longest);
        return body.collect(
                        () -> Unpooled.buffer(expected, longest),
                        (all, part) -> {
                            if (part.readableBytes() > all.maxWritableBytes()) {
                                throw new NodeFailure.Invalid("more than " + longest + " bytes");
                            }
                            all.writeBytes(part);
                        })
                .map(NodeAnswer::content);
    }

    private static byte[] content(ByteBuf all) {
        byte[] array = all.array();
        return all.readableBytes() == array.length ? array : ByteBufUtil.getBytes(all);
    }

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The length of the body, -1 when the node does not say. */
    public long length() {
        String text = headers.get("Content-Length");
        return text == null ? -1 : Long.parseLong(text);
    }

    /** When the node says to come again; null when it does not, or not in seconds. */
    @Nullable Duration retryAfter() {
        String text = headers.get("Retry-After");
        boolean isNumber =
                text != null && text.length() <= 4 && text.chars().allMatch(Character::isDigit);
        return isNumber && !text.isEmpty() ? Duration.ofSeconds(Integer.parseInt(text)) : null;
    }

    /** What the attempt used; an answer without it cannot be billed and is no answer. */
    public NodeUsage usage() {
        String text = headers.get(NodeProtocol.USAGE_HEADER);
        if (text == null) {
            throw new NodeFailure.Invalid("no " + NodeProtocol.USAGE_HEADER + " header");
        }
        return usage(text);
    }

    /** What a refusal says that was used before it; often nothing. */
    NodeUsage usageOfRefusal() {
        String text = headers.get(NodeProtocol.USAGE_HEADER);
        return text == null ? NodeUsage.NONE : usage(text);
    }

    private static NodeUsage usage(String text) {
        try {
            return checked(UsageReader.read(text));
        } catch (JacksonException e) {
            throw new NodeFailure.Invalid("unreadable " + NodeProtocol.USAGE_HEADER + " header");
        }
    }

    /**
     * Usage as a node may report it. Less would credit the caller, more would be nobody's call: the
     * sums of the ledger must hold whatever a node says.
     */
    public static NodeUsage checked(NodeUsage usage) {
        if (usage.inputTokens() < 0 || usage.outputTokens() < 0 || usage.computeMicros() < 0) {
            throw new NodeFailure.Invalid("negative usage");
        }
        if (usage.inputTokens() > MOST_TOKENS
                || usage.outputTokens() > MOST_TOKENS
                || usage.computeMicros() > MOST_COMPUTE_MICROS) {
            throw new NodeFailure.Invalid("usage beyond reason");
        }
        if (!CachedInput.isPlausible(usage.cachedInputTokens(), usage.inputTokens())) {
            throw new NodeFailure.Invalid("more cached input than input");
        }
        if (!Media.isPlausible(usage.media())) {
            throw new NodeFailure.Invalid("pictures or sound beyond reason");
        }
        if (!Energy.isPlausible(usage.energy())) {
            throw new NodeFailure.Invalid("energy beyond reason");
        }
        return usage;
    }
}
