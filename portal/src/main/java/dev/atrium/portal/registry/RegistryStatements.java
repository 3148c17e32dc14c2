package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementSummary;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** The tenant's closed days. */
@Component
public class RegistryStatements {
    private final RegistryHttp http;

    RegistryStatements(RegistryHttp http) {
        this.http = http;
    }

    /** Newest first. */
    public Page<StatementSummary> list(int limit, @Nullable String cursor) {
        return http.get(
                Query.of("/statements").with("limit", limit).with("cursor", cursor).toString(),
                new TypeReference<>() {});
    }

    public Statement get(LocalDate day) {
        return http.get("/statements/" + day, new TypeReference<>() {});
    }

    /** Exactly the bytes that the statement's hash is of. */
    public byte[] document(LocalDate day) {
        return http.send("GET", "/statements/" + day + "/document", null).body();
    }
}
