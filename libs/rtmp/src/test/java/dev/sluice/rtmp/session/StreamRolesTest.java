package dev.sluice.rtmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rtmp.StreamPath;
import dev.sluice.rtmp.session.StreamRoles.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamRolesTest {
    private static final StreamPath PATH = StreamPath.of("rtmp://h/live", "live", "a");

    private final StreamRoles roles = new StreamRoles(4);
    private final List<ServerEvent> events = new ArrayList<>();

    @Test
    void keepsStreamsInTheOrderOfTheirIdsWhateverHappensToThem() {
        for (int i = 0; i < 4; i++) {
            roles.create();
        }
        roles.play(3);
        roles.publish(1, PATH);
        roles.delete(2, events::add);
        assertThat(roles.create()).contains(5);
        assertThat(roles.all())
                .containsExactly(new Role.Publishing(1, PATH), new Role.Playing(3), new Role.Idle(4), new Role.Idle(5));
    }

    @Test
    void refusesMoreStreamsThanAreAllowedAndNeverUsesAnIdTwice() {
        for (int i = 1; i <= 4; i++) {
            assertThat(roles.create()).contains(i);
        }
        assertThat(roles.create()).isEmpty();
        roles.delete(4, events::add);
        assertThat(roles.create()).contains(5);
    }

    @Test
    void knowsNothingOfStreamsThatWereNotOpened() {
        roles.play(7);
        roles.end(7, true, events::add);
        roles.delete(7, events::add);
        assertThat(roles.isIdle(7)).isFalse();
        assertThat(roles.isPlaying(7)).isFalse();
        assertThat(roles.all()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void endsEachStreamInUseOnceAndKeepsItsId() {
        roles.create();
        roles.create();
        roles.create();
        roles.publish(1, PATH);
        roles.play(3);
        roles.endAll(events::add);
        roles.endAll(events::add);
        assertThat(events).containsExactly(new ServerEvent.PublishEnded(1, false), new ServerEvent.PlayEnded(3));
        assertThat(roles.isIdle(1)).isTrue();
        assertThat(roles.anyActive()).isFalse();
    }
}
