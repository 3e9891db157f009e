package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An authority of the tests, and certificates that it signs, made by OpenSSL.
final class Certificates {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path folder;

    Certificates(String name) {
        folder = TestFiles.folder(name);
        openssl("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority -keyout ca.key -out ca.pem"
                + " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign");
    }

    Path authority() {
        return folder.resolve("ca.pem");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Certificate, chain and key in one file, for one DNS name and for 127.0.0.1.
    ///
    /// @param key as OpenSSL's `-newkey`, such as `rsa:2048` or `ec`
    Path sign(String file, String name, String key) {
        var curve = key.equals("ec") ? " -pkeyopt ec_paramgen_curve:prime256v1" : "";
        write(
                "ext",
                "subjectAltName=DNS:" + name + ",IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"
                        + "keyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n"
                        + "crlDistributionPoints=URI:http://127.0.0.1/authority.crl\n");
        openssl("req -newkey " + key + curve + " -nodes -subj /CN=" + name + " -keyout leaf.key -out leaf.csr");
        openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile ext -out leaf.pem");
        return write(file, read("leaf.pem") + read("ca.pem") + read("leaf.key"));
    }

    /// The name in the certificate that a server shows to a client which asks for `name`.
    static String shown(int port, String name, String... more) {
        var command = new ArrayList<>(List.of("s_client", "-connect", "127.0.0.1:" + port));
        command.addAll(name.isEmpty() ? List.of("-noservername") : List.of("-servername", name));
        command.addAll(List.of(more));
        var client = Program.start(command(command));
        client.exitCode(SOON);
        return client.output();
    }

    private void openssl(String arguments) {
        var command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()));
        command.addAll(command(List.of(arguments.split(" "))));
        Program.start(command).succeeds(SOON);
    }

    private static List<String> command(List<String> arguments) {
        var command = new ArrayList<>(List.of(Program.installed("openssl", "openssl")));
        command.addAll(arguments);
        return command;
    }

    private String read(String name) {
        return TestFiles.read(folder.resolve(name));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
