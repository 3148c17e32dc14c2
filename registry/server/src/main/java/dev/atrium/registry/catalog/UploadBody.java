package dev.atrium.registry.catalog;

import dev.atrium.registry.error.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an upload and what their sender says about them.
 *
 * @param announced length and digest, from Content-Length and Repr-Digest (RFC 9530)
 */
record UploadBody(VersionFiles.Announced announced, InputStream content) {
    private static final Pattern SHA_256 = Pattern.compile("(?:^|[,\\s])sha-256=:([^:]*):");
    private static final int SHA_256_BYTES = 32;

    static UploadBody of(HttpServletRequest request) throws IOException {
        return new UploadBody(
                new VersionFiles.Announced(
                        request.getContentLengthLong(), digest(request.getHeader("Repr-Digest"))),
                request.getInputStream());
    }

    /** Other algorithms are left alone, as the RFC wants; a broken value is not. */
    private static @Nullable String digest(@Nullable String header) {
        if (header == null) {
            return null;
        }
        Matcher matcher = SHA_256.matcher(header);
        if (!matcher.find()) {
            return null;
        }
        try {
            byte[] digest = Base64.getDecoder().decode(matcher.group(1));
            if (digest.length == SHA_256_BYTES) {
                return HexFormat.of().formatHex(digest);
            }
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        throw malformed();
    }

    private static InvalidRequestException malformed() {
        return new InvalidRequestException(
                "the Repr-Digest header must be sha-256=:<32 bytes in base64>:");
    }
}
