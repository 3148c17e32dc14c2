package dev.atrium.registry.openapi;

import dev.atrium.registry.api.error.Problem;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.machine.Machine;
import dev.atrium.registry.web.PublicUrls;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.method.HandlerMethod;

/** What springdoc cannot read from the controllers. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String BEARER = "bearer";
    private static final Pattern SCOPE = Pattern.compile("SCOPE_([a-z:_]+)");

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, Machine.class);
    }

    @Bean
    OpenAPI openApi(PublicUrls urls) {
        Components components =
                new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An access token, or an API key (atr_…)."));
        ModelConverters.getInstance(true).read(Problem.class).forEach(components::addSchemas);
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Atrium management API")
                                .version("v1")
                                .description("Models, keys, members, deployments and usage.")
                                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .addServersItem(new Server().url(urls.registry()))
                .addSecurityItem(new SecurityRequirement().addList(BEARER))
                .components(components);
    }

    /** The scope that each operation needs, and the shape of its errors. */
    @Bean
    OperationCustomizer scopesAndErrors() {
        return (operation, method) -> {
            requiredScope(method).ifPresent(scope -> needs(operation, scope));
            operation.getResponses().setDefault(problem());
            return operation;
        };
    }

    private static void needs(Operation operation, String scope) {
        operation.setDescription("Needs the scope `" + scope + "`.");
        operation.addExtension("x-required-scope", scope);
    }

    private static ApiResponse problem() {
        return new ApiResponse()
                .description("What went wrong")
                .content(
                        new Content()
                                .addMediaType(
                                        "application/problem+json",
                                        new MediaType()
                                                .schema(
                                                        new Schema<>()
                                                                .$ref(
                                                                        "#/components/schemas/Problem"))));
    }

    private static Optional<String> requiredScope(HandlerMethod method) {
        PreAuthorize rule =
                AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), PreAuthorize.class);
        if (rule == null) {
            rule =
                    AnnotatedElementUtils.findMergedAnnotation(
                            method.getBeanType(), PreAuthorize.class);
        }
        if (rule == null) {
            return Optional.empty();
        }
        Matcher matcher = SCOPE.matcher(rule.value());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
