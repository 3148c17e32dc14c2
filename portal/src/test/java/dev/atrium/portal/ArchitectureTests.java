package dev.atrium.portal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.vaadin.flow.component.dependency.CssImport;
import com.vaadin.flow.component.dependency.JavaScript;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.NpmPackage;
import com.vaadin.flow.router.Route;

@AnalyzeClasses(packages = "dev.atrium.portal", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule HAS_NO_DATABASE =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("jakarta.persistence..", "java.sql..", "javax.sql..")
                    .because("everything the portal shows comes from the registry or the gateway");

    @ArchTest
    static final ArchRule KNOWS_ONLY_THE_CONTRACT =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.atrium.registry.server..", "dev.atrium.node..")
                    .because("the registry's insides may change without the portal");

    @ArchTest
    static final ArchRule NEEDS_NO_FRONT_END_BUILD =
            noClasses()
                    .should()
                    .beAnnotatedWith(JsModule.class)
                    .orShould()
                    .beAnnotatedWith(CssImport.class)
                    .orShould()
                    .beAnnotatedWith(NpmPackage.class)
                    .orShould()
                    .beAnnotatedWith(JavaScript.class)
                    .because("such an annotation makes the build fetch Node and packages");

    @ArchTest
    static final ArchRule KEEPS_VIEWS_PRIVATE =
            classes()
                    .that()
                    .areAnnotatedWith(Route.class)
                    .should()
                    .bePackagePrivate()
                    .andShould()
                    .haveSimpleNameEndingWith("View")
                    .because("a capability is entered through its Navigation class");

    @ArchTest
    static final ArchRule DESIGN_KNOWS_NO_CAPABILITY =
            noClasses()
                    .that()
                    .resideInAPackage("dev.atrium.portal.design..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.atrium.portal.registry..", "dev.atrium.portal.gateway..")
                    .because("the visual language is the same whatever it shows");
}
