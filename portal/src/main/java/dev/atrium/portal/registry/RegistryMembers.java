package dev.atrium.portal.registry;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.AddMember;
import dev.atrium.registry.api.tenancy.AddedMember;
import dev.atrium.registry.api.tenancy.Member;
import dev.atrium.registry.api.tenancy.Role;
import dev.atrium.registry.api.tenancy.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Members of the user's tenant. */
@Component
public class RegistryMembers {
    private final RegistryHttp http;

    RegistryMembers(RegistryHttp http) {
        this.http = http;
    }

    public Page<Member> list(@Nullable String cursor) {
        return http.get(
                Query.of("/members").with("cursor", cursor).toString(), new TypeReference<>() {});
    }

    public AddedMember add(AddMember request) {
        return http.send("POST", "/members", request, new TypeReference<>() {});
    }

    public Member changeRole(UserId user, Role role) {
        return http.send(
                "PATCH", "/members/" + user, Map.of("role", role), new TypeReference<>() {});
    }

    public void remove(UserId user) {
        http.send("DELETE", "/members/" + user, null);
    }
}
