package dev.sluice.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/// Against what another TLS library writes.
class ClientHelloTest {
    private static final int RECORD_AND_MESSAGE_HEADER_BYTES = 9;

    @Test
    void readsTheNameAndWhatTheClientCanCheck() throws Exception {
        assertThat(hello("TLSv1.3", "Live.Example.COM")).isEqualTo(new ClientHello("live.example.com", true, false));
        assertThat(hello("TLSv1.2", "a.example")).isEqualTo(new ClientHello("a.example", true, true));
        assertThat(hello("TLSv1.2", "", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .isEqualTo(new ClientHello("", false, true));
    }

    @Test
    void whoNamesAProtocolOrSpeaksTls12OnlyMayBeSentATicket() throws Exception {
        var engine = engine("TLSv1.3", "a.example");
        assertThat(ClientHello.read(Unpooled.wrappedBuffer(firstMessage(engine)))
                        .tickets())
                .isFalse();
        var browser = engine("TLSv1.3", "a.example");
        var parameters = browser.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        browser.setSSLParameters(parameters);
        assertThat(ClientHello.read(Unpooled.wrappedBuffer(firstMessage(browser)))
                        .tickets())
                .isTrue();
        assertThat(hello("TLSv1.2", "a.example").tickets()).isTrue();
    }

    @Test
    void whatIsCutShortSaysNothing() throws Exception {
        var whole = bytes("TLSv1.3", "a.example");
        for (int length = 0; length < whole.length; length++) {
            assertThat(ClientHello.read(Unpooled.wrappedBuffer(whole, 0, length)))
                    .isEqualTo(ClientHello.NOTHING);
        }
    }

    private static ClientHello hello(String version, String name, String... ciphers) throws Exception {
        return ClientHello.read(Unpooled.wrappedBuffer(bytes(version, name, ciphers)));
    }

    private static byte[] bytes(String version, String name, String... ciphers) throws Exception {
        return firstMessage(engine(version, name, ciphers));
    }

    private static SSLEngine engine(String version, String name, String... ciphers) throws Exception {
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        if (ciphers.length > 0) {
            engine.setEnabledCipherSuites(ciphers);
        }
        if (!name.isEmpty()) {
            var parameters = engine.getSSLParameters();
            parameters.setServerNames(new ArrayList<>(List.of(new SNIHostName(name))));
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    private static byte[] firstMessage(SSLEngine engine) throws SSLException {
        var record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        var bytes = new byte[record.flip().remaining() - RECORD_AND_MESSAGE_HEADER_BYTES];
        record.get(RECORD_AND_MESSAGE_HEADER_BYTES, bytes);
        return bytes;
    }
}
