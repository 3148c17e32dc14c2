package dev.atrium.registry.paging;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.secret.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/** Reads page requests and makes pages. */
@Component
public final class Paging {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final int TAG_BYTES = 16;
    private static final int MAX_CURSOR = 2_000;

    private final SecretKeySpec key;

    Paging(MasterKey masterKey) {
        this.key = new SecretKeySpec(masterKey.derive("paging cursor"), "HmacSHA256");
    }

    /**
     * @param list a name of its own per list; where a list belongs to something (the versions of a
     *     model), the name holds its id
     * @throws InvalidRequestException for a limit out of range or a cursor of another list, another
     *     tenant or nobody
     */
    public Window window(String list, PageRequest request) {
        int limit = request.limit() == null ? DEFAULT_LIMIT : request.limit();
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidRequestException(
                    "'limit' is " + limit + " but must be 1 to " + MAX_LIMIT);
        }
        String cursor = request.cursor();
        return cursor == null || cursor.isEmpty()
                ? new Window(list, limit, Optional.empty())
                : new Window(list, limit, Optional.of(open(list, cursor)));
    }

    /**
     * @param rows what was read with {@link Window#fetch()} as the limit
     * @param position of a row in the list's order; must be unique
     */
    public <R, T> Page<T> page(
            Window window, List<R> rows, Function<R, String> position, Function<R, T> item) {
        boolean more = rows.size() > window.limit();
        List<R> shown = more ? rows.subList(0, window.limit()) : rows;
        return new Page<>(
                shown.stream().map(item).toList(),
                more ? seal(window.list(), position.apply(shown.getLast())) : null);
    }

    private String seal(String list, String position) {
        byte[] payload = position.getBytes(StandardCharsets.UTF_8);
        byte[] sealed =
                ByteBuffer.allocate(TAG_BYTES + payload.length)
                        .put(tag(list, payload))
                        .put(payload)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    private String open(String list, String cursor) {
        byte[] sealed = decode(cursor);
        byte[] payload = Arrays.copyOfRange(sealed, TAG_BYTES, sealed.length);
        if (!MessageDigest.isEqual(Arrays.copyOf(sealed, TAG_BYTES), tag(list, payload))) {
            throw foreign();
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static byte[] decode(String cursor) {
        if (cursor.length() > MAX_CURSOR) {
            throw foreign();
        }
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(cursor);
            if (sealed.length >= TAG_BYTES) {
                return sealed;
            }
        } catch (IllegalArgumentException notBase64) {
            throw foreign();
        }
        throw foreign();
    }

    private byte[] tag(String list, byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(
                    TenantScope.current()
                            .map(Object::toString)
                            .orElse("-")
                            .getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(list.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(payload), TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static InvalidRequestException foreign() {
        return new InvalidRequestException(
                "'cursor' is not one that this list gave; start again without it");
    }
}
