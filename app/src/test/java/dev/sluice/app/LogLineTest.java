package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogLineTest {
    private final LoggerContext context = new LoggerContext();

    private String line(String logger, Level level, @Nullable Throwable problem, String message, Object... values) {
        var event = new LoggingEvent("", context.getLogger(logger), level, message, problem, values);
        event.setTimeStamp(LocalDateTime.of(2026, 11, 21, 7, 8, 9, 12_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli());
        return new LogLine().doLayout(event);
    }

    @Test
    void saysWhenHowBadWhoAndWhat() {
        assertThat(line("dev.sluice.hub.LiveStream", Level.INFO, null, "stream.published stream={}", "live/x"))
                .isEqualTo("07:08:09.012 INFO  LiveStream - stream.published stream=live/x" + System.lineSeparator());
        assertThat(line("session", Level.ERROR, null, "x"))
                .isEqualTo("07:08:09.012 ERROR session - x" + System.lineSeparator());
    }

    @Test
    void aFailureIsTracedBelow() {
        assertThat(line("a.b", Level.WARN, new IllegalStateException("why", new RuntimeException("deeper")), "x"))
                .startsWith("07:08:09.012 WARN  b - x" + System.lineSeparator())
                .contains("java.lang.IllegalStateException: why", "\tat dev.sluice.app.LogLineTest", "deeper");
    }

    @Test
    void theServerLogsLikeThisAndLibrariesOnlyWarn() {
        var running = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(running.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr"))
                .isNotNull();
        assertThat(running.getLogger("dev.sluice.any").isInfoEnabled()).isTrue();
        assertThat(running.getLogger("io.netty.any").isInfoEnabled()).isFalse();
        assertThat(running.getLogger("io.vertx.any").isWarnEnabled()).isTrue();
    }
}
