package dev.sluice.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A process of its own whose server says when it is asked to stop, and then takes as long as its argument says.
final class HangingServer {
    private HangingServer() {}

    public static void main(String[] args) {
        var stop = new StopSignal(Runtime.getRuntime()::halt);
        stop.install();
        Runnable closing = () -> {
            System.out.println("stopping");
            hang(Duration.parse(args[0]));
        };
        var surroundings = new Surroundings(
                System.out,
                System.err,
                Map.of(),
                List.of(),
                (settings, plugins) -> new Surroundings.Running(Map.of(), closing),
                stop);
        System.exit(Main.run(surroundings, "serve"));
    }

    private static void hang(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
