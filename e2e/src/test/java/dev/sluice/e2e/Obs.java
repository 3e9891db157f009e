package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// OBS Studio on a screen that nobody sees, with a home of its own: a profile, and a scene with one colour.
final class Obs {
    private static final String GLOBAL = """
            [General]
            FirstRun=true
            LastVersion=486539266
            EnableAutoUpdates=false
            [Basic]
            Profile=sluice
            ProfileDir=sluice
            SceneCollection=sluice
            SceneCollectionFile=sluice
            ConfigOnNewProfile=false
            [BasicWindow]
            WarnBeforeStartingStream=false
            WarnBeforeStoppingStream=false
            [OBSWebSocket]
            FirstLoad=false
            ServerEnabled=false
            """;
    private static final String PROFILE = """
            [General]
            Name=sluice
            [Output]
            Mode=Simple
            Reconnect=true
            RetryDelay=1
            MaxRetries=3
            [SimpleOutput]
            VBitrate=300
            ABitrate=96
            StreamEncoder=x264
            Preset=ultrafast
            [Video]
            BaseCX=256
            BaseCY=144
            OutputCX=256
            OutputCY=144
            FPSType=0
            FPSCommon=30
            [Audio]
            SampleRate=48000
            ChannelSetup=Stereo
            """;
    private static final String SCENES = """
            {"name": "sluice", "current_scene": "Scene", "current_program_scene": "Scene",
             "scene_order": [{"name": "Scene"}],
             "sources": [
               {"id": "color_source", "versioned_id": "color_source_v3", "name": "Colour",
                "settings": {"color": 4278255360, "width": 256, "height": 144}},
               {"id": "scene", "name": "Scene", "settings": {"id_counter": 1,
                "items": [{"id": 1, "name": "Colour", "visible": true}]}}]}
            """;

    private Obs() {}

    /// Starts it; it publishes as soon as its window is there. Its log is what it prints.
    ///
    /// @param home name of a folder for its settings
    static Program publish(String home, String server, String key) {
        return start(home, """
                {"type": "rtmp_custom", "settings": {"server": "%s", "key": "%s", "use_auth": false}}
                """.formatted(server, key));
    }

    /// The same with its fields "username" and "password" filled in.
    static Program publishAs(String user, String password, String home, String server, String key) {
        return start(home, """
                {"type": "rtmp_custom", "settings": {"server": "%s", "key": "%s", "use_auth": true,
                 "username": "%s", "password": "%s"}}
                """.formatted(server, key, user, password));
    }

    /// OBS gets the signal, not the script around it; the screen ends after it.
    static void stop(Program obs) {
        obs.terminateChild("obs");
        obs.exitCode(Duration.ofSeconds(20));
    }

    private static Program start(String home, String service) {
        var folder = TestFiles.folder("obs-" + home);
        var settings = folder.resolve(".config/obs-studio");
        write(settings.resolve("global.ini"), GLOBAL);
        write(settings.resolve("basic/profiles/sluice/basic.ini"), PROFILE);
        write(settings.resolve("basic/profiles/sluice/service.json"), service);
        write(settings.resolve("basic/scenes/sluice.json"), SCENES);
        var command = new ArrayList<>(List.of(Program.installed("env", "coreutils")));
        for (var variable : List.of("HOME=", "XDG_RUNTIME_DIR=", "TMPDIR=")) {
            command.add(variable + folder);
        }
        command.add("XDG_CONFIG_HOME=" + folder.resolve(".config"));
        command.addAll(List.of(Program.installed("xvfb-run", "xvfb xauth"), "-a", "-s", "-screen 0 800x600x24"));
        command.addAll(List.of(Program.installed("obs", "obs-studio"), "--startstreaming", "--multi", "--verbose"));
        command.addAll(List.of("--profile", "sluice", "--collection", "sluice"));
        command.addAll(List.of("--disable-updater", "--disable-missing-files-check"));
        return Program.start(command);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
