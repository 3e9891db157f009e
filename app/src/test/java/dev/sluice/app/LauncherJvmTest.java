package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher chooses for the JVM, by its shell functions, on machines that are folders.
class LauncherJvmTest {
    private static final Path SCRIPT = Path.of("src/main/launcher/jvm.sh").toAbsolutePath();

    @TempDir
    private Path machine;

    private final Map<String, String> environment = new HashMap<>();

    private record Ran(int exitCode, String output) {}

    private Ran run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", "set -euo pipefail; . \"$0\"; " + script, SCRIPT.toString());
        builder.directory(machine.toFile()).redirectErrorStream(true);
        builder.environment().remove("SLUICE_OPTS");
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output.strip());
    }

    private String says(String script) throws IOException, InterruptedException {
        var ran = run(script);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private void file(String path, String text) throws IOException {
        var file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private void machineOf(int mib) throws IOException {
        file("proc/meminfo", "MemTotal: " + mib * 1024L + " kB\nMemFree: 1 kB");
    }

    @Test
    void memoryIsThatOfTheMachineWhereNothingLimitsIt() throws Exception {
        machineOf(8192);
        assertThat(says("memory_mib \"$PWD\"")).isEqualTo("8192");
        file("proc/self/cgroup", "0::/user.slice\n4:memory:/docker/x");
        file("sys/fs/cgroup/user.slice/memory.max", "max");
        file("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "9223372036854771712");
        assertThat(says("memory_mib \"$PWD\"")).isEqualTo("8192");
    }

    @Test
    void theSmallestLimitAboveThisProcessCountsInBothVersionsOfCgroups() throws Exception {
        machineOf(8192);
        file("proc/self/cgroup", "0::/a.slice/b.service");
        file("sys/fs/cgroup/a.slice/b.service/memory.max", "max");
        file("sys/fs/cgroup/a.slice/memory.max", "1073741824");
        assertThat(says("memory_mib \"$PWD\"")).isEqualTo("1024");
        file("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a/b");
        file("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "536870912");
        file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "629145600");
        assertThat(says("memory_mib \"$PWD\"")).isEqualTo("512");
    }

    @Test
    void aContainerThatDoesNotSeeItsOwnFolderFindsTheLimitAtTheTop() throws Exception {
        machineOf(8192);
        file("proc/self/cgroup", "0::/../../kubepods/x");
        file("sys/fs/cgroup/memory.max", "268435456");
        assertThat(says("memory_mib \"$PWD\"")).isEqualTo("256");
    }

    @Test
    void aContainersQuotaOfProcessorsIsRoundedUp() throws Exception {
        assertThat(says("processors \"$PWD\" 8")).isEqualTo("8");
        file("sys/fs/cgroup/cpu.max", "150000 100000");
        assertThat(says("processors \"$PWD\" 8")).isEqualTo("2");
        file("sys/fs/cgroup/cpu.max", "max 100000");
        assertThat(says("processors \"$PWD\" 8")).isEqualTo("8");
        Files.delete(machine.resolve("sys/fs/cgroup/cpu.max"));
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
        assertThat(says("processors \"$PWD\" 8")).isEqualTo("1");
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        assertThat(says("processors \"$PWD\" 8")).isEqualTo("8");
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 256, 512, 1024, 24_000, 131_072})
    void heapBuffersAndTheJvmItselfLeaveRoomInTheMemory(int mib) throws Exception {
        var options = says("memory_options " + mib);
        int heap = number("-Xmx(\\d+)m", options);
        int direct = number("-XX:MaxDirectMemorySize=(\\d+)m", options);
        assertThat(heap).isBetween(32, 30_720);
        assertThat(direct).isGreaterThanOrEqualTo(16);
        assertThat(heap + direct + 128).isLessThan(mib);
    }

    private static int number(String pattern, String text) {
        var found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return Integer.parseInt(found.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "-Dx=y -XX:MaxRAMPercentage=40", "-XX:MaxHeapSize=1g"})
    void theOperatorsHeapReplacesOurLimits(String options) throws Exception {
        environment.put("SLUICE_OPTS", options);
        assertThat(says("memory_options 4096")).isEmpty();
    }

    @Test
    void theOperatorsCollectorReplacesOurs() throws Exception {
        environment.put("SLUICE_OPTS", "-XX:+UseG1GC");
        assertThat(says("collector_options 4 4096")).isEmpty();
        environment.put("SLUICE_OPTS", "-XX:MaxDirectMemorySize=1g");
        assertThat(says("memory_options 4096")).contains("-Xmx").doesNotContain("MaxDirectMemorySize");
        assertThat(says("collector_options 4 4096")).isNotEmpty();
    }

    @Test
    void oneProcessorOrLittleMemoryGetsTheCollectorThatTakesLeast() throws Exception {
        assertThat(says("collector_options 1 4096")).isEqualTo("-XX:+UseSerialGC");
        assertThat(says("collector_options 8 512")).isEqualTo("-XX:+UseSerialGC");
        assertThat(says("collector_options 2 1024")).doesNotContain("Serial");
    }

    /// A program folder with one jar, and a JDK whose `java` is the given shell script.
    private void programWithJava(String script) throws IOException {
        file("home/lib/a.jar", "a");
        Files.createDirectories(machine.resolve("home/aot"));
        file("jdk/release", "JAVA_VERSION=\"25\"");
        file("jdk/bin/java", "#!/bin/bash\n" + script);
        Files.setPosixFilePermissions(machine.resolve("jdk/bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("JAVA_HOME", machine.resolve("jdk").toString());
    }

    private String cacheName() throws IOException, InterruptedException {
        return says("aot_cache \"$PWD/home\" -XX:+UseSerialGC");
    }

    @Test
    void anotherBuildJdkOrModeHasAnotherCache() throws Exception {
        programWithJava("exit 0");
        var first = cacheName();
        assertThat(first).startsWith(machine.resolve("home/aot").toString()).endsWith(".aot");
        assertThat(cacheName()).isEqualTo(first);
        environment.put("SLUICE_OPTS", "-Xmx1g -Dx=y");
        assertThat(cacheName()).as("size of the heap does not matter").isEqualTo(first);
        environment.put("SLUICE_OPTS", "-XX:-UseCompactObjectHeaders");
        assertThat(cacheName()).isNotEqualTo(first);
        environment.remove("SLUICE_OPTS");
        Files.setLastModifiedTime(machine.resolve("home/lib/a.jar"), FileTime.fromMillis(1_000_000));
        var rebuilt = cacheName();
        assertThat(rebuilt).isNotEqualTo(first);
        file("jdk/release", "JAVA_VERSION=\"25.0.9\"");
        assertThat(cacheName()).isNotEqualTo(rebuilt);
    }

    @Test
    void aCacheThatTheJvmAcceptsTakesItsPlaceAndOldOnesGo() throws Exception {
        programWithJava("for o in \"$@\"; do case $o in -XX:AOTCacheOutput=*) echo cache >\"${o#*=}\" ;; esac; done");
        for (int i = 1; i <= 4; i++) {
            file("home/aot/old" + i + ".aot", "old");
            Files.setLastModifiedTime(machine.resolve("home/aot/old" + i + ".aot"), FileTime.fromMillis(i * 1000L));
        }
        says("make_aot_cache_alone \"$PWD/home\" \"$PWD/home/aot/new.aot\" -XX:+UseSerialGC");
        try (var left = Files.list(machine.resolve("home/aot"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("new.aot", "old4.aot", "old3.aot");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The rehearsal fails, half a file is there; then, the JVM refuses what was made.
                "for o in \"$@\"; do case $o in -XX:AOTCacheOutput=*) echo h >\"${o#*=}\"; exit 1 ;; esac; done",
                "for o in \"$@\"; do case $o in *Output=*) echo c >\"${o#*=}\" ;; -XX:AOTMode=on) exit 1 ;; esac; done"
            })
    void aFailureIsRememberedAndLeavesNothingElse(String java) throws Exception {
        programWithJava(java);
        var failed = run("make_aot_cache_alone \"$PWD/home\" \"$PWD/home/aot/new.aot\" -XX:+UseSerialGC");
        assertThat(failed.exitCode()).isNotZero();
        try (var left = Files.list(machine.resolve("home/aot"))) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly("new.aot.failed");
        }
        assertThat(says("make_aot_cache_later 0 \"$PWD/home\" \"$PWD/home/aot/new.aot\" x"))
                .isEmpty();
        assertThat(machine.resolve("home/aot/rehearsal.log"))
                .as("no second try")
                .doesNotExist();
    }

    @Test
    void aRehearsalWithoutTimeIsTriedAgain() throws Exception {
        programWithJava("exit 75");
        var late = run("make_aot_cache_alone \"$PWD/home\" \"$PWD/home/aot/new.aot\" -XX:+UseSerialGC");
        assertThat(late.exitCode()).isNotZero();
        assertThat(machine.resolve("home/aot")).isEmptyDirectory();
    }

    @Test
    void whoComesSecondLeavesTheRehearsalToTheFirst() throws Exception {
        programWithJava("echo started >started");
        Files.createDirectories(machine.resolve("home/aot/rehearsing"));
        says("make_aot_cache_alone \"$PWD/home\" \"$PWD/home/aot/new.aot\" x");
        assertThat(machine.resolve("started")).doesNotExist();
        assertThat(machine.resolve("home/aot/rehearsing")).as("the first one's").isDirectory();
    }

    @Test
    void aStartGoesOnWhereNoCacheCanBeKept() throws Exception {
        programWithJava("exit 0");
        file("full", "a file where the folder should be");
        assertThat(says("make_aot_cache_later 0 \"$PWD/full\" \"$PWD/full/aot/new.aot\" x; echo on"))
                .isEqualTo("on");
    }
}
