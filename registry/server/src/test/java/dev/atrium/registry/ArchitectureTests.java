package dev.atrium.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Entity;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.repository.Repository;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(
        packages = "dev.atrium.registry",
        importOptions = {ImportOption.DoNotIncludeTests.class})
class ArchitectureTests {
    @ArchTest
    static final ArchRule entitiesStayInside =
            classes()
                    .that()
                    .areAnnotatedWith(Entity.class)
                    .should()
                    .notBePublic()
                    .because("services return records; a row is nobody else's business");

    @ArchTest
    static final ArchRule repositoriesStayInside =
            classes()
                    .that()
                    .areAssignableTo(Repository.class)
                    .should()
                    .notBePublic()
                    .allowEmptyShould(true)
                    .because("the service is the door of a capability");

    @ArchTest
    static final ArchRule controllersStayInside =
            classes()
                    .that()
                    .areAnnotatedWith(RestController.class)
                    .or()
                    .areAnnotatedWith(Controller.class)
                    .should()
                    .notBePublic()
                    .because("HTTP is the only caller of a controller");

    @ArchTest
    static final ArchRule settingsStayInside =
            classes()
                    .that()
                    .areAnnotatedWith(ConfigurationProperties.class)
                    .or()
                    .areAnnotatedWith(Configuration.class)
                    .should()
                    .notBePublic()
                    .because("a capability's settings lie beside their only user");

    @ArchTest
    static final ArchRule environmentIsReadBySpringOnly =
            noClasses()
                    .should()
                    .callMethod(System.class, "getenv")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .orShould()
                    .callMethod(System.class, "getProperty", String.class)
                    .because("every setting is a documented property");

    @ArchTest
    static final ArchRule noFieldInjection =
            methods()
                    .that()
                    .areDeclaredInClassesThat()
                    .resideInAPackage("dev.atrium.registry..")
                    .should()
                    .notBeAnnotatedWith(Autowired.class)
                    .because("constructors say what a class needs");

    @ArchTest
    static final ArchRule noValueAnnotations =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(Value.class)
                    .because("settings are records with defaults and words");

    @ArchTest
    static final ArchRule contractKnowsNoFramework =
            noClasses()
                    .that()
                    .resideInAPackage("dev.atrium.registry.api..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..", "jakarta.persistence..", "java.sql..")
                    .because("gateway, node and portal share the contract, not our stack");
}
