package dev.atrium.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.boot.context.properties.ConfigurationProperties;

@AnalyzeClasses(
        packages = "dev.atrium.gateway",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule noDatabase =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "jakarta.persistence..",
                            "java.sql..",
                            "javax.sql..",
                            "org.springframework.data..",
                            "org.springframework.jdbc..",
                            "dev.atrium.registry.server..")
                    .because("the gateway never waits for a database");

    @ArchTest
    static final ArchRule noBlockingOnTheCallPath =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..gateway.call..",
                            "..gateway.openai..",
                            "..gateway.oip..",
                            "..gateway.web..",
                            "..gateway.authentication..",
                            "..gateway.admission..",
                            "..gateway.routing..",
                            "..gateway.organization..")
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.net.http..", "java.nio.file..")
                    .because("calls touch memory, the journal and the chosen node only");

    @ArchTest
    static final ArchRule settingsStayBesideTheirUser =
            classes()
                    .that()
                    .areAnnotatedWith(ConfigurationProperties.class)
                    .should()
                    .bePackagePrivate()
                    .because("a setting belongs to the capability that reads it");

    @ArchTest
    static final ArchRule callersCredentialsStayAtTheEdge =
            noClasses()
                    .that()
                    .resideInAPackage("..gateway.upstream..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..gateway.authentication..", "..gateway.web..")
                    .because("a node learns nothing of the caller but the grant");
}
