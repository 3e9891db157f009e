package dev.sluice.server.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.netty.Loops;
import dev.sluice.server.netty.SocketSettings;
import dev.sluice.server.observe.LimitHits;
import dev.sluice.server.spi.Ports.Match;
import dev.sluice.server.spi.Ports.PortTaken;
import dev.sluice.server.spi.Ports.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(30)
class PortsImplTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            2, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final Loops loops = new Loops(group.next(), group);
    private final LimitHits hits = new LimitHits(loops.acceptLoop(), 60_000);
    private final List<PortsImpl> opened = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var client : clients) {
            client.close();
        }
        opened.forEach(PortsImpl::close);
        // quiet for a moment first: who just closed still gives back what it holds
        group.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS);
    }

    @Test
    void tellsTwoProtocolsOfOnePortApart() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        int port = freePort();
        var cats = new Greeter("cats", port, "meow");
        var dogs = new Greeter("dogs", port, "woof");
        var address = ports.offer(cats);
        assertThat(ports.offer(dogs)).isEqualTo(address);

        assertThat(say(address, "woof!")).isEqualTo("dogs got woof!");
        assertThat(say(address, "meow!")).isEqualTo("cats got meow!");
    }

    @Test
    void whatNobodyRecognisesGoesToTheFirstProtocol() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        int port = freePort();
        var address = ports.offer(new Greeter("cats", port, "meow"));
        ports.offer(new Greeter("dogs", port, "woof"));

        assertThat(say(address, "\u0000\u0001moo")).isEqualTo("cats got \u0000\u0001moo");
    }

    @Test
    void waitsForEnoughBytesAndHandsAllOfThemOver() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        int port = freePort();
        var cats = new Greeter("cats", port, "meow");
        var address = ports.offer(cats);
        ports.offer(new Greeter("dogs", port, "mooo"));
        var client = connect(address);

        for (var letter : List.of("m", "e", "o", "w")) {
            int asked = cats.looked.size();
            client.getOutputStream().write(letter.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> cats.looked.size() > asked);
        }

        assertThat(answer(client)).isEqualTo("cats got meow");
        assertThat(cats.looked).containsExactly("m", "me", "meo", "meow");
    }

    @Test
    void knowsHowLongAConnectionIsOpen() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        var cats = new Greeter("cats", 0, "meow");
        say(ports.offer(cats), "meow");
        var channel = cats.accepted.element();

        long before = ports.ageMs(channel);

        await().until(() -> ports.ageMs(channel) > before);
        assertThat(before).isBetween(0L, 29_999L);
        assertThat(ports.ageMs(new EmbeddedChannel())).isZero();
        ports.admitted(channel);
        assertThat(ports.ageMs(channel)).as("it has introduced itself").isZero();
    }

    @Test
    void connectionsThatStaySilentAreClosedAndCounted() throws Exception {
        var limits = PortLimits.DEFAULTS;
        var ports = ports(new PortLimits(
                limits.unauthenticatedPerAddress(),
                limits.unauthenticatedTotal(),
                limits.connectionsPerAddress(),
                limits.connectionsTotal(),
                limits.newPerSecondPerAddress(),
                limits.newBurstPerAddress(),
                100,
                List.of()));
        var client = connect(ports.offer(new Greeter("cats", 0, "meow")));
        client.getOutputStream().write("meo".getBytes(StandardCharsets.US_ASCII));

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        await().until(() -> hits.counts().get("first-bytes-timeout") == 1);
    }

    @Test
    void aRecognisedConnectionOutlivesTheTimeForFirstBytes() throws Exception {
        var ports = ports(new PortLimits(100, 100, 100, 100, 10, 50, 50, List.of()));
        var client = connectSaying("meow", ports.offer(new Greeter("cats", 0, "meow")));
        assertThat(answer(client)).isEqualTo("cats got meow");

        var silent = connect(opened.getFirst().offer(new Greeter("cats", 0, "meow")));
        assertThat(silent.getInputStream().read())
                .as("the silent one is closed")
                .isEqualTo(-1);

        assertThat(client.getInputStream().available()).isZero();
        client.getOutputStream().write('x');
        client.setSoTimeout(1);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void saysWhichPortIsTakenAndWhatToSet() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        try (var other = new ServerSocket(0, 1, LOOPBACK)) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> ports.offer(new Greeter("cats", port, "meow")))
                    .isInstanceOf(PortTaken.class)
                    .hasMessage("port " + port + " is taken (address already in use): stop the other program, or set "
                            + "cats.port (--cats) to another port, 0 takes a free one");
        }
    }

    @Test
    void saysWhenTheAddressBelongsToAnotherMachine() throws Exception {
        var ports = new PortsImpl(loops, InetAddress.getByName("192.0.2.1"), PortLimits.DEFAULTS, hits);
        opened.add(ports);

        assertThatThrownBy(() -> ports.offer(new Greeter("cats", 0, "meow")))
                .isInstanceOf(PortTaken.class)
                .hasMessage("address 192.0.2.1 is not an address of this machine: correct --listen");
    }

    @Test
    void portZeroNeverShares() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);

        var cats = ports.offer(new Greeter("cats", 0, "meow"));
        var dogs = ports.offer(new Greeter("dogs", 0, "woof"));

        assertThat(cats.getPort()).isNotZero().isNotEqualTo(dogs.getPort());
    }

    @Test
    void whereTooManyProvedNothingTheOldestGoesAndWhereAllDidTheyStay() throws Exception {
        var ports = ports(new PortLimits(100, 2, 100, 100, 10, 50, 5_000, List.of()));
        var cats = new Greeter("cats", 0, "meow");
        var address = ports.offer(cats);
        say(address, "meow");
        say(address, "meow");
        await().until(() -> cats.accepted.size() == 2);

        assertThat(say(address, "meow again")).isEqualTo("cats got meow again");
        assertThat(clients.getFirst().getInputStream().read()).isEqualTo(-1);
        assertThat(hits.counts().get("unauthenticated-total")).isEqualTo(1);

        await().until(() -> cats.accepted.size() == 3);
        var recognised = List.copyOf(cats.accepted);
        ports.admitted(recognised.get(1));
        ports.admitted(recognised.get(2));
        loops.acceptLoop().eventLoop().submit(() -> {}).get(); // a connection could be accepted before it is told
        assertThat(say(address, "meow")).isEqualTo("cats got meow");
        assertThat(say(address, "meow")).isEqualTo("cats got meow");
        assertThat(recognised.get(1).isActive()).isTrue();
        assertThat(recognised.get(2).isActive()).isTrue();
        assertThat(hits.counts().get("unauthenticated-total")).isEqualTo(1);
    }

    @Test
    void closedConnectionsMakeRoom() throws Exception {
        var ports = ports(new PortLimits(100, 100, 100, 1, 10, 50, 5_000, List.of()));
        var address = ports.offer(new Greeter("cats", 0, "meow"));
        say(address, "meow");
        clients.getFirst().close();

        await().ignoreException(IOException.class)
                .untilAsserted(() -> assertThat(say(address, "meow again")).isEqualTo("cats got meow again"));
    }

    @Test
    void stopsAcceptingFirstAndLeavesConnectionsToTheirProtocols() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        var cats = new Greeter("cats", 0, "meow");
        var address = ports.offer(cats);
        say(address, "meow");
        var undecided = connect(address);
        undecided.getOutputStream().write('m');
        await().until(() -> cats.looked.contains("m"));

        ports.close();

        assertThat(undecided.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> connect(address)).isInstanceOf(IOException.class);
        assertThat(cats.accepted.element().isActive()).isTrue();
        assertThatThrownBy(() -> ports.offer(cats)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProtocolThatThrowsCostsItsConnectionOnly() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        var cats = new Greeter("cats", 0, "meow");
        var address = ports.offer(cats);

        assertThat(say(address, "meow throw")).isEmpty();
        assertThat(say(address, "meow")).isEqualTo("cats got meow");
    }

    @Test
    void shortConnectionsBetweenLongOnesDoNotPutAllLongOnesOnOneLoop() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        var cats = new Greeter("cats", 0, "meow");
        var address = ports.offer(cats);
        List<Channel> stay = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            say(address, "meow");
            stay.add(cats.accepted.remove());
            say(address, "meow briefly");
            clients.getLast().close();
            awaitClosed(cats.accepted.remove());
        }

        assertThat(stay.stream().filter(c -> c.eventLoop() == stay.getFirst().eventLoop()))
                .hasSize(4);
    }

    /// Closed, and counted as such: who listens to the close has been told, and what that posted to the accept loop has
    /// run. Who waits for the close may wake before the listeners are told.
    private void awaitClosed(Channel channel) throws Exception {
        channel.closeFuture().await();
        channel.eventLoop().submit(() -> {}).await();
        loops.acceptLoop().eventLoop().submit(() -> {}).await();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void acceptsOnEpollAndSpreadsOverTheLoops() throws Exception {
        var ports = ports(PortLimits.DEFAULTS);
        var cats = new Greeter("cats", 0, "meow");
        var address = ports.offer(cats);
        for (int i = 0; i < 4; i++) {
            say(address, "meow");
        }

        assertThat(cats.accepted).hasSize(4).allMatch(EpollSocketChannel.class::isInstance);
        assertThat(cats.accepted.stream().map(Channel::eventLoop).distinct()).hasSize(2);
        assertThat(cats.accepted).allSatisfy(channel -> {
            assertThat(((EpollSocketChannel) channel).config().isTcpNoDelay()).isTrue();
            assertThat(((EpollSocketChannel) channel).config().isKeepAlive()).isTrue();
            assertThat(((EpollSocketChannel) channel).config().getTcpUserTimeout())
                    .isEqualTo(SocketSettings.DEFAULTS.deadAfterMs());
            assertThat(((EpollSocketChannel) channel).config().getTcpKeepIdle()).isBetween(15, 30);
            assertThat(((EpollSocketChannel) channel).config().getTcpKeepIntvl())
                    .isEqualTo(5);
            assertThat(((EpollSocketChannel) channel).config().getTcpKeepCnt()).isEqualTo(3);
        });
    }

    private PortsImpl ports(PortLimits limits) {
        var ports = new PortsImpl(loops, LOOPBACK, limits, hits);
        opened.add(ports);
        return ports;
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, LOOPBACK)) {
            return probe.getLocalPort();
        }
    }

    private Socket connect(InetSocketAddress address) throws IOException {
        var client = new Socket();
        clients.add(client);
        client.setSoTimeout(10_000);
        client.connect(address, 5_000);
        return client;
    }

    /// What it says is there before the connection is accepted, so that no deadline runs while this test is held up.
    private Socket connectSaying(String words, InetSocketAddress address) throws IOException {
        var said = new CompletableFuture<@Nullable Void>();
        loops.acceptLoop().execute(said::join);
        try {
            var client = connect(address);
            client.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
            return client;
        } finally {
            said.complete(null);
        }
    }

    private String say(InetSocketAddress address, String words) throws IOException {
        var client = connect(address);
        client.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
        return answer(client);
    }

    /// One line, or what came before the end.
    private static String answer(Socket client) throws IOException {
        var line = new StringBuilder();
        int letter = client.getInputStream().read();
        while (letter >= 0 && letter != '\n') {
            line.append((char) letter);
            letter = client.getInputStream().read();
        }
        return line.toString();
    }

    /// Recognises a word and repeats what it was given.
    private static final class Greeter implements Protocol {
        private final String name;
        private final int port;
        private final String word;
        private final ConcurrentLinkedQueue<String> looked = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Channel> accepted = new ConcurrentLinkedQueue<>();

        Greeter(String name, int port, String word) {
            this.name = name;
            this.port = port;
            this.word = word;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public String portSetting() {
            return name + ".port (--" + name + ")";
        }

        @Override
        public Match match(ByteBuf first) {
            var text = first.toString(StandardCharsets.ISO_8859_1);
            looked.add(text);
            if (text.startsWith(word)) {
                return Match.YES;
            }
            return word.startsWith(text) ? Match.NEEDS_MORE : Match.NO;
        }

        @Override
        public void accept(Channel channel, ByteBuf first) {
            var text = first.toString(StandardCharsets.ISO_8859_1);
            first.release();
            if (text.contains("throw")) {
                throw new IllegalStateException("as asked");
            }
            accepted.add(channel);
            channel.writeAndFlush(channel.alloc()
                    .buffer()
                    .writeBytes((name + " got " + text + "\n").getBytes(StandardCharsets.ISO_8859_1)));
        }
    }
}
