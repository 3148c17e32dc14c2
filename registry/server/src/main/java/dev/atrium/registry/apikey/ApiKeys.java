package dev.atrium.registry.apikey;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ApiKeys extends Repository<ApiKeyEntity, String> {
    /** At once, for those who look by SQL in the same transaction. */
    ApiKeyEntity saveAndFlush(ApiKeyEntity key);

    Optional<ApiKeyEntity> findByTenantIdAndId(UUID tenantId, String id);

    /** Keeps others from changing the key until the transaction ends. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select k from ApiKeyEntity k where k.tenantId = ?1 and k.id = ?2")
    Optional<ApiKeyEntity> findToChange(UUID tenantId, String id);

    @Query(
            "select k from ApiKeyEntity k where k.tenantId = ?1 order by k.createdAt desc, k.id"
                    + " desc")
    List<ApiKeyEntity> newest(UUID tenantId, Limit limit);

    @Query(
            "select k from ApiKeyEntity k where k.tenantId = ?1 and (k.createdAt < ?2 or"
                    + " (k.createdAt = ?2 and k.id < ?3)) order by k.createdAt desc, k.id desc")
    List<ApiKeyEntity> newestAfter(UUID tenantId, Instant createdAt, String id, Limit limit);
}
