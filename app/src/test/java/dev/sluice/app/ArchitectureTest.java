package dev.sluice.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.server.config.Doc;
import dev.sluice.server.config.Range;

/// Which way imports may point. See docs/design/style.md, A.3.
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] CENTRE = {
        "dev.sluice.hub..", "dev.sluice.segments..", "dev.sluice.server..", "dev.sluice.app.."
    };
    private static final String PROTOCOLS = "(?i).*(rtmp|hls|flv|dash|srt|rtsp|webrtc|moq).*";

    @ArchTest
    static final ArchRule librariesKnowNothingAboveThem = noClasses()
            .that()
            .resideInAnyPackage("dev.sluice.media..", "dev.sluice.rtmp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sluice.hub..", "dev.sluice.segments..", "dev.sluice.server..", "dev.sluice.plugin..");

    @ArchTest
    static final ArchRule rtmpStandsAlone = noClasses()
            .that()
            .resideInAPackage("dev.sluice.rtmp..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sluice.media.."));

    @ArchTest
    static final ArchRule mediaKnowsNoProtocol = noClasses()
            .that()
            .resideInAPackage("dev.sluice.media..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sluice.rtmp.."));

    @ArchTest
    static final ArchRule librariesBringNettyOnly = classes()
            .that()
            .resideInAnyPackage("dev.sluice.media..", "dev.sluice.rtmp..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.sluice..", "java..", "javax.crypto..", "io.netty..", "org.jspecify.."));

    @ArchTest
    static final ArchRule pluginsAreLeaves =
            slices().matching("dev.sluice.plugin.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule nobodyImportsAPlugin = noClasses()
            .that()
            .resideInAnyPackage(CENTRE)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sluice.plugin.."));

    @ArchTest
    static final ArchRule theCentreSpeaksNoProtocol = noClasses()
            .that()
            .resideInAnyPackage("dev.sluice.hub..", "dev.sluice.segments..", "dev.sluice.server..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.sluice.rtmp..", "dev.sluice.media.flv.."));

    @ArchTest
    static final ArchRule theCentreNamesNoProtocol =
            noClasses().that().resideInAnyPackage(CENTRE).should().haveNameMatching(PROTOCOLS);

    @ArchTest
    static final ArchRule theHubKnowsNoServer = noClasses()
            .that()
            .resideInAPackage("dev.sluice.hub..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.sluice.segments..", "dev.sluice.server..")
                    .and(not(belongToAnyOf(Doc.class, Range.class))));

    @ArchTest
    static final ArchRule segmentsKnowNoServer = noClasses()
            .that()
            .resideInAPackage("dev.sluice.segments..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.sluice.server.http..",
                    "dev.sluice.server.netty..",
                    "dev.sluice.server.ports..",
                    "dev.sluice.server.admission..",
                    "dev.sluice.server.session.."));

    @ArchTest
    static final ArchRule socketsAreOpenedInFewPlaces = noClasses()
            .that()
            .resideOutsideOfPackages("..netty..", "dev.sluice.server.http..", "dev.sluice.server.ports..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.netty.bootstrap..", "io.netty.channel.epoll..", "io.netty.channel.socket.."));

    @ArchTest
    static final ArchRule theInsideOfTheHttpLibraryStaysInOneClass = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.sluice.server.http.VertxBridge")
            .and()
            .haveNameNotMatching(".*VertxBridge\\$.*")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("io.vertx.core.internal..", "io.vertx..impl..", "io.vertx.core.spi.."));
}
