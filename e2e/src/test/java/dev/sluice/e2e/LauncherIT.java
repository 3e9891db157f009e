package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `./sluice` itself: what it makes of the JVM. A copy of it, so that it keeps its AOT cache to itself.
class LauncherIT {
    private static final Duration REHEARSAL = Duration.ofSeconds(150);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static Path root;

    /// What the launcher finds around it, with nothing newer than the build.
    @BeforeAll
    static void copyTheProgram() throws IOException {
        var source = Path.of(System.getProperty("sluice.lib")).normalize().resolve("../../../..");
        root = TestFiles.folder("launcher");
        for (var folder : List.of(
                ".mvn", "libs", "core", "plugins", "bench/load", "app/target/sluice/lib", "app/src/main/launcher")) {
            Files.createDirectories(root.resolve(folder));
        }
        var files = new ArrayList<>(List.of("sluice", "pom.xml"));
        for (var folder : List.of("app/target/sluice/lib", "app/src/main/launcher")) {
            try (var all = Files.list(source.resolve(folder))) {
                all.forEach(file -> files.add(folder + "/" + file.getFileName()));
            }
        }
        for (var file : files) {
            Files.copy(source.resolve(file), root.resolve(file));
        }
        Files.createFile(root.resolve("app/target/sluice/built"));
        var later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
        Files.setLastModifiedTime(root.resolve("app/target/sluice/built"), later);
    }

    /// @param options for the JVM, as in `SLUICE_OPTS`
    private static Program sluice(String options, String... arguments) {
        var command = new ArrayList<>(List.of(
                "env",
                "SLUICE_OPTS=" + options,
                "JAVA_HOME=" + System.getProperty("java.home"),
                root.resolve("sluice").toString()));
        command.addAll(List.of(arguments));
        return Program.start(command);
    }

    private static List<Path> caches() throws IOException {
        try (var files = Files.list(root.resolve("app/target/sluice/aot"))) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    @Test
    void aRehearsalMakesACacheThatTheNextStartUsesAndAChangedJarMakesStale() throws Exception {
        sluice("", "rehearse").succeeds(REHEARSAL);
        assertThat(caches()).hasSize(1);
        assertThat(sluice("-Xlog:class+load:stderr", "version").succeeds(SOON).output())
                .containsPattern("dev\\.sluice\\.app\\.cli\\.Program source: shared objects file");
        var jar = root.resolve("app/target/sluice/lib").resolve(oneJar());
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000_000));
        assertThat(sluice("-Xlog:class+load:stderr", "version").succeeds(SOON).output())
                .containsPattern("(?m)^sluice \\d")
                .doesNotContainPattern("dev\\.sluice\\.app\\.cli\\.Program source: shared objects file");
    }

    private static String oneJar() throws IOException {
        try (var jars = Files.list(root.resolve("app/target/sluice/lib"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.startsWith("sluice-rtmp"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aCacheThatIsBrokenIsOnlySlower() throws Exception {
        var broken = sluice("-XX:AOTCache=" + TestFiles.write("broken.aot", "this is no cache"), "version");
        assertThat(broken.succeeds(SOON).output()).containsPattern("^sluice \\d[^\\n]*\\n?$");
    }

    @Test
    void budgetsThatDoNotFitAreRefusedInASentence() {
        try (var server =
                sluice("-Xmx128m -XX:MaxDirectMemorySize=64m", "serve", "--set", "hub.memoryMaxBytes=100000000")) {
            assertThat(server.exitCode(SOON)).isEqualTo(1);
            assertThat(server.output())
                    .contains("hub.memoryMaxBytes is 95 MiB")
                    .contains("64 MiB")
                    .contains("SLUICE_OPTS")
                    .doesNotContain("\tat ");
        }
    }
}
