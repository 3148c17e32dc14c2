package dev.atrium.gateway.web;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * What a client was answered, for who must be able to say it again. The first answer that was begun
 * is the one; of a longer one than may be kept only that it was whole.
 */
public final class AnswerCopy {
    private final int longest;
    private volatile int status;
    private volatile String contentType = "";
    private volatile boolean isWhole;
    private volatile boolean isTooLong;
    private volatile byte @Nullable [] body;

    public AnswerCopy(int longest) {
        this.longest = longest;
    }

    void whole(int status, String contentType, byte[] bytes) {
        if (this.status != 0) {
            return;
        }
        begin(status, contentType);
        body = bytes.length > longest ? null : bytes;
        isWhole = true;
    }

    /** The same body, which is longer than may be kept, or of a length that nobody told. */
    Flux<ByteBuf> tooLong(int status, String contentType, Flux<ByteBuf> passing) {
        begin(status, contentType);
        isTooLong = true;
        return passing.doOnComplete(() -> isWhole = true);
    }

    private void begin(int status, String contentType) {
        this.status = status;
        this.contentType = contentType;
    }

    int longest() {
        return longest;
    }

    /** 0 while nothing is answered. */
    public int status() {
        return status;
    }

    public String contentType() {
        return contentType;
    }

    /** Whether the whole answer was known here, whoever got it. */
    public boolean isWhole() {
        return isWhole;
    }

    /** Whether an answer was begun that is not kept, whether it was whole in the end or not. */
    public boolean isTooLong() {
        return isTooLong;
    }

    /** Null while it is not whole, and when it is too long. */
    public byte @Nullable [] body() {
        return body;
    }
}
