package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.Protocol;
import dev.sluice.server.tls.TestCertificates;
import dev.sluice.server.tls.Tls;
import dev.sluice.server.tls.TlsSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loops loops = new Loops(group.next(), group);
    private final LimitHits hits = new LimitHits(loops.acceptLoop(), 60_000);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Greeter cats = new Greeter("meow");

    @AfterEach
    void closeAll() throws Exception {
        for (var one : opened.reversed()) {
            one.close();
        }
        // quiet for a moment first: who just closed still gives back what it holds
        group.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS);
    }

    @Test
    void tlsIsRecognisedAndTheProtocolInsideIt() throws Exception {
        var address = listen(settings(5_000, 100), ProxySettings.DEFAULTS);

        assertThat(say(tls(address), "meow!")).isEqualTo("got meow! from 127.0.0.1");
        assertThat(say(plain(address), "meow!")).isEqualTo("got meow! from 127.0.0.1");
    }

    @Test
    void aProtocolThatAsksNotToBeReadToGetsOnePieceAtATime() throws Exception {
        var address = listen(settings(5_000, 100), ProxySettings.DEFAULTS);
        var client = tls(address);
        say(client, "meow stop");
        var channel = cats.accepted.element();
        var pieces = new ConcurrentLinkedQueue<Integer>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                pieces.add(((ByteBuf) message).readableBytes());
                ((ByteBuf) message).release();
            }
        });

        int records = 30; // several of them may be one piece
        for (int i = 0; i < records; i++) {
            client.getOutputStream().write(new byte[100]);
        }
        var asked = new AtomicInteger(1); // one may have been asked for before it said stop
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            asked.incrementAndGet();
            channel.read();
            awaitLoops();
            assertThat(pieces).hasSizeLessThanOrEqualTo(asked.get());
            return sum(pieces) == records * 100;
        });

        channel.config().setAutoRead(true);
        client.getOutputStream().write(new byte[3000]);
        await().until(() -> sum(pieces) == records * 100 + 3000);
    }

    private static int sum(Collection<Integer> numbers) {
        return numbers.stream().mapToInt(number -> number).sum();
    }

    @Test
    void slowHandshakesEndAfterTheirTimeAndAreCounted() throws Exception {
        var address = listen(settings(200, 100), ProxySettings.DEFAULTS);
        var client = plain(address);
        client.getOutputStream().write(HexFormat.of().parseHex("1603010200010001fc0303"));

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        await().until(() -> hits.counts().get("tls-handshake-timeout") == 1);
        // on a busy machine a good one may be too slow as well
        await().ignoreExceptions().until(() -> say(tls(address), "meow").equals("got meow from 127.0.0.1"));
    }

    @Test
    void oneHandshakeTooManyEndsTheOldest() throws Exception {
        var address = listen(settings(30_000, 2), ProxySettings.DEFAULTS);
        var slow = new ArrayList<Socket>();
        for (int i = 0; i < 2; i++) {
            slow.add(plain(address));
            slow.getLast().getOutputStream().write(HexFormat.of().parseHex("160301"));
        }
        await().until(() -> cats.looked.size() == 2);
        awaitLoops();

        assertThat(say(tls(address), "meow")).isEqualTo("got meow from 127.0.0.1");

        await().until(() -> hits.counts().get("tls-handshakes") == 1);
        slow.getFirst().setSoTimeout(50);
        slow.getLast().setSoTimeout(50);
        await().until(() -> hasEnded(slow.getFirst()) != hasEnded(slow.getLast()));
    }

    @Test
    void aHelloThatIsTooLongIsCounted() throws Exception {
        var address = listen(settings(5_000, 100), ProxySettings.DEFAULTS);
        var client = plain(address);
        var beginning = HexFormat.of().parseHex("1603014000" + "0100ffff0303");
        client.getOutputStream().write(Arrays.copyOf(beginning, 5 + 0x4000));

        assertThat(heardUntilTheEnd(client)).isLessThan(100);
        await().until(() -> hits.counts().get("tls-hello-bytes") == 1);
    }

    @Test
    void garbageInsideOrInsteadOfTlsCostsItsConnectionOnly() throws Exception {
        var address = listen(settings(5_000, 100), ProxySettings.DEFAULTS);
        for (var garbage : List.of("160300", "1603030005ffffffffff", "160301000401000000", "16030200050100000100")) {
            var client = plain(address);
            var bytes = HexFormat.of().parseHex(garbage);
            client.getOutputStream().write(Arrays.copyOf(bytes, bytes.length + 64));
            assertThat(heardUntilTheEnd(client)).isLessThan(100);
        }

        assertThat(say(tls(address), "meow")).isEqualTo("got meow from 127.0.0.1");
    }

    @Test
    void aKnownProxySaysWhoItsClientIs() throws Exception {
        var proxies = new ProxySettings(List.of("127.0.0.0/8"), ProxySettings.Elsewhere.REFUSE);
        var address = listen(settings(5_000, 100), proxies);
        var client = plain(address);

        assertThat(say(client, "PROXY TCP4 192.0.2.7 198.51.100.1 5000 443\r\nmeow"))
                .isEqualTo("got meow from 192.0.2.7");
        assertThat(cats.locals).containsExactly("198.51.100.1");

        var binary = plain(address);
        binary.getOutputStream()
                .write(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000cc0000208c6336401dc04078f"));
        assertThat(say(wrapped(binary), "meow")).as("TLS behind the header").isEqualTo("got meow from 192.0.2.8");
    }

    @Test
    void aKnownProxyHasToSendAHeader() throws Exception {
        var proxies = new ProxySettings(List.of("127.0.0.1"), ProxySettings.Elsewhere.IGNORE);
        var address = listen(settings(5_000, 100), proxies);

        assertThat(say(plain(address), "meow")).isEmpty();
        assertThat(say(plain(address), "PROXY TCP4 nonsense\r\nmeow")).isEmpty();
        assertThat(say(plain(address), "PROXY UNKNOWN\r\nmeow")).isEqualTo("got meow from 127.0.0.1");
        assertThat(hits.counts().get("proxy-header")).isEqualTo(2);
    }

    @Test
    void aHeaderFromElsewhereIsRefusedOrIgnored() throws Exception {
        var header = "PROXY TCP4 192.0.2.7 198.51.100.1 5000 443\r\n";
        var none = List.<String>of();
        var refusing = listen(settings(5_000, 100), new ProxySettings(none, ProxySettings.Elsewhere.REFUSE));
        var ignoring = listen(settings(5_000, 100), new ProxySettings(none, ProxySettings.Elsewhere.IGNORE));

        assertThat(say(plain(refusing), header + "meow")).isEmpty();
        assertThat(hits.counts().get("proxy-header")).isEqualTo(1);
        assertThat(say(plain(ignoring), header + "meow")).isEqualTo("got meow from 127.0.0.1");
        assertThat(say(plain(ignoring), header + header + "meow"))
                .as("one is enough")
                .isNotEqualTo("got meow from 127.0.0.1");
    }

    @Test
    void limitsForAnAddressConcernTheClientBehindTheProxy() throws Exception {
        var limits = new PortLimits(1, 100, 100, 100, 100, 100, 5_000, List.of());
        var proxies = new ProxySettings(List.of("127.0.0.1"), ProxySettings.Elsewhere.REFUSE);
        var address = listen(settings(5_000, 100), proxies, limits);

        assertThat(say(plain(address), "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\nmeow"))
                .startsWith("got meow");
        assertThat(say(plain(address), "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\nmeow"))
                .isEmpty();
        assertThat(say(plain(address), "PROXY TCP4 192.0.2.8 198.51.100.1 1 2\r\nmeow"))
                .startsWith("got meow");
        assertThat(hits.counts().get("unauthenticated-per-address")).isEqualTo(1);
    }

    @Test
    void whereTooManyAreUnrecognisedTheOldestGoesAndNotTheNewcomer() throws Exception {
        var limits = new PortLimits(100, 3, 100, 100, 100, 100, 30_000, List.of());
        var address = listen(settings(30_000, 100), ProxySettings.DEFAULTS, limits);
        var silent = new ArrayList<Socket>();
        for (int i = 0; i < 3; i++) {
            silent.add(plain(address));
            silent.getLast().getOutputStream().write(0x16);
        }

        assertThat(say(tls(address), "meow")).isEqualTo("got meow from 127.0.0.1");

        assertThat(silent.getFirst().getInputStream().read()).isEqualTo(-1);
        assertThat(hits.counts().get("unauthenticated-total")).isEqualTo(1);
    }

    @Test
    void aSharedPortTakesEverybodyWhoHasAPort() throws Exception {
        var ports = ports(settings(5_000, 100), ProxySettings.DEFAULTS, PortLimits.DEFAULTS);
        ports.offer(cats);
        ports.offer(new Greeter("woof"));
        var shared = ports.share(new InetSocketAddress(LOOPBACK, 0), "sharedPorts");

        assertThat(say(plain(shared), "woof")).isEqualTo("got woof from 127.0.0.1");
        assertThat(say(tls(shared), "meow")).isEqualTo("got meow from 127.0.0.1");
    }

    @Test
    void oneSocketTakesBothKindsOfAddresses() throws Exception {
        var ports = ports(settings(5_000, 100), ProxySettings.DEFAULTS, PortLimits.DEFAULTS);
        ports.offer(cats);
        var shared = ports.share(new InetSocketAddress(InetAddress.ofLiteral("::"), 0), "sharedPorts");

        assertThat(say(plain(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), shared.getPort())), "meow"))
                .isEqualTo("got meow from 127.0.0.1");
        assertThat(say(plain(new InetSocketAddress(InetAddress.ofLiteral("::1"), shared.getPort())), "meow"))
                .isEqualTo("got meow from 0:0:0:0:0:0:0:1");
    }

    @Test
    void tlsThatIsSwitchedOffIsNotRecognised() throws Exception {
        var ports = new PortsImpl(loops, LOOPBACK, PortLimits.DEFAULTS, hits);
        opened.add(ports);
        var address = ports.offer(cats);

        assertThatThrownBy(() -> tls(address).startHandshake()).isInstanceOf(SSLException.class);
    }

    private TlsSettings settings(int handshakeTimeoutMs, int maxHandshakes) {
        var usual = TlsSettings.DEFAULTS;
        var file = TestCertificates.elliptic(folder.resolve("own.pem"), "localhost");
        return new TlsSettings(
                true,
                List.of(file.toString()),
                List.of(),
                usual.oldest(),
                List.of(),
                usual.resumeS(),
                0,
                handshakeTimeoutMs,
                maxHandshakes,
                usual.maxHelloBytes());
    }

    private InetSocketAddress listen(TlsSettings settings, ProxySettings proxies) throws Exception {
        return listen(settings, proxies, PortLimits.DEFAULTS);
    }

    private InetSocketAddress listen(TlsSettings settings, ProxySettings proxies, PortLimits limits) throws Exception {
        return ports(settings, proxies, limits).offer(cats);
    }

    private PortsImpl ports(TlsSettings settings, ProxySettings proxies, PortLimits limits) throws Exception {
        var tls = Tls.start(settings, folder);
        opened.add(tls);
        var ports = new PortsImpl(loops, LOOPBACK, limits, proxies, tls, hits);
        opened.add(ports);
        cats.ports = ports;
        return ports;
    }

    private Socket plain(InetSocketAddress address) throws IOException {
        var client = new Socket();
        opened.add(client);
        client.setSoTimeout(10_000);
        client.connect(address, 5_000);
        return client;
    }

    private SSLSocket tls(InetSocketAddress address) throws Exception {
        return wrapped(plain(address));
    }

    private static SSLSocket wrapped(Socket socket) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        return (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    }

    private static String say(Socket client, String words) throws IOException {
        client.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
        var line = new StringBuilder();
        int letter = client.getInputStream().read();
        while (letter >= 0 && letter != '\n') {
            line.append((char) letter);
            letter = client.getInputStream().read();
        }
        return line.toString();
    }

    /// Everything that was asked of the loops so far is done.
    private void awaitLoops() throws Exception {
        for (var loop : loops.all()) {
            loop.eventLoop().submit(() -> {}).get();
        }
        loops.acceptLoop().eventLoop().submit(() -> {}).get();
    }

    /// How many bytes came before the end, which may be a reset: what was sent was not all read.
    private static int heardUntilTheEnd(Socket client) throws IOException {
        int heard = 0;
        try {
            client.shutdownOutput();
            while (client.getInputStream().read() >= 0) {
                heard++;
            }
        } catch (SocketException reset) {
            return heard;
        }
        return heard;
    }

    private static boolean hasEnded(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// Repeats what it was given, and says who the client is.
    private static final class Greeter implements Protocol {
        private final String word;
        private final ConcurrentLinkedQueue<Channel> accepted = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> looked = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> locals = new ConcurrentLinkedQueue<>();
        private volatile PortsImpl ports;

        Greeter(String word) {
            this.word = word;
        }

        @Override
        public String name() {
            return word;
        }

        @Override
        public int port() {
            return 0;
        }

        @Override
        public String portSetting() {
            return word;
        }

        @Override
        public Match match(ByteBuf first) {
            var text = first.toString(StandardCharsets.ISO_8859_1);
            looked.add(text);
            return text.startsWith(word) ? Match.YES : word.startsWith(text) ? Match.NEEDS_MORE : Match.NO;
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            var text = first.toString(StandardCharsets.ISO_8859_1);
            first.release();
            accepted.add(channel);
            var remote = ports == null ? LOOPBACK : ports.remote(channel).getAddress();
            if (ports != null) {
                locals.add(ports.local(channel).getAddress().getHostAddress());
            }
            if (text.contains("stop")) {
                channel.config().setAutoRead(false);
            }
            channel.writeAndFlush(channel.alloc()
                    .buffer()
                    .writeBytes(("got " + text + " from " + remote.getHostAddress() + "\n")
                            .getBytes(StandardCharsets.ISO_8859_1)));
        }
    }
}
