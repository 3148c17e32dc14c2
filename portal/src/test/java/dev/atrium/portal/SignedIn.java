package dev.atrium.portal;

import dev.atrium.portal.security.SignedInContext;
import dev.atrium.registry.api.tenancy.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.security.test.context.support.WithSecurityContext;

/** Signs a member with this role in before the test, with the scopes the registry would give. */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@WithSecurityContext(factory = SignedInContext.class)
public @interface SignedIn {
    Role role() default Role.OWNER;

    boolean platformAdmin() default false;
}
