package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A class of the libraries that reads bytes of a stranger has a fuzz target. The rule is simple on purpose: a public
/// method with the name of a decoder, given bytes, makes its class a decoder, and its name must appear in a class
/// `…FuzzTest` of its module.
class EveryDecoderIsFuzzedTest {
    private static final Pattern DECODER = Pattern.compile("public (?:static )?[\\w<>.]+ "
            + "(?:parse|ofFrame|feed|accept|receive|next|read|decode|strip|normalise|first|keyFrameSize|kindOf)"
            + "\\((?:Codec codec, |int tagType, )?(?:Payload|byte\\[]|ByteBuf|RawMessage|long timestampMs)");
    private static final Pattern OF_BYTES = Pattern.compile("public static \\w+ of\\(Payload (?!array)");

    /// What reads text of strangers or of the operator, or the first bytes of a connection.
    private static final Pattern READER = Pattern.compile(
            "static \\w+ (?:parse|read)\\((?:String|Origin)|public Match match\\(ByteBuf|void channelRead\\w*\\(");
    /// Hand bytes on and look at none.
    private static final List<String> BLIND =
            List.of("ChannelOutlet", "PortsImpl", "HttpExchange", "RtmpChannel", "RtmpClient", "TunnelChannel");

    @Test
    void aDecoderWithoutATargetFailsHere() throws IOException {
        for (var module : List.of("libs/media", "libs/rtmp", "core")) {
            var targets = sources(module, "src/test/java")
                    .filter(file -> file.getFileName().toString().endsWith("FuzzTest.java"))
                    .map(TestSources::text)
                    .collect(Collectors.joining());
            var decoders = sources(module, "src/main/java")
                    .filter(file -> isDecoder(TestSources.text(file)))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !BLIND.contains(name))
                    .toList();
            assertThat(decoders).as("decoders of " + module).hasSizeGreaterThan(5);
            assertThat(decoders)
                    .as("decoders of " + module + " without a fuzz target")
                    .allMatch(decoder -> Pattern.compile("\\b" + decoder + "(?:\\.|\\(|::)")
                            .matcher(targets)
                            .find());
        }
    }

    private static boolean isDecoder(String source) {
        return Stream.of(DECODER, OF_BYTES, READER)
                .anyMatch(pattern -> pattern.matcher(source).find());
    }

    private static Stream<Path> sources(String module, String folder) throws IOException {
        try (var files = Files.walk(TestSources.ROOT.resolve(module).resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        }
    }
}
