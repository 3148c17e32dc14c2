package dev.atrium.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Borders that are more than taste. */
@AnalyzeClasses(packages = "dev.atrium.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule nativeCodeStaysInEngines =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.atrium.node.engine..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("ai.onnxruntime..", "ai.djl..", "de.kherud..")
                    .because("a native library that crashes takes its process with it");

    @ArchTest
    static final ArchRule onlyWorkersRunEngines =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.atrium.node.engine..", "dev.atrium.node.worker.child..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.atrium.node.engine.onnx..",
                            "dev.atrium.node.engine.pytorch..",
                            "dev.atrium.node.engine.llm..",
                            "dev.atrium.node.engine.text..",
                            "dev.atrium.node.engine.predict..",
                            "dev.atrium.node.engine.image..",
                            "dev.atrium.node.engine.table..")
                    .because("the supervisor must outlive every model");

    @ArchTest
    static final ArchRule workersHaveNoSpring =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "dev.atrium.node.engine..",
                            "dev.atrium.node.worker.child..",
                            "dev.atrium.node.worker.ipc..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "io.netty..", "reactor..")
                    .because("each worker pays for what it loads with memory");

    @ArchTest
    static final ArchRule noDatabase =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.sql..", "javax.sql..", "jakarta.persistence..")
                    .because("only the registry opens database connections");

    @ArchTest
    static final ArchRule endpointsAndSettingsAreHidden =
            classes()
                    .that()
                    .haveSimpleNameEndingWith("Controller")
                    .or()
                    .haveSimpleNameEndingWith("Properties")
                    .should()
                    .bePackagePrivate()
                    .because("capabilities talk through their services");
}
