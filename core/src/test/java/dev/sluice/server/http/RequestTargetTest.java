package dev.sluice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetTest {
    @Test
    void splitsThePathAndDecodesOnce() throws Exception {
        var target = RequestTarget.parse("/live/a%20b/caf%C3%A9+1.flv?key=a%2Bb+c&flag&key=last&=unnamed");

        assertThat(target.segments()).containsExactly("live", "a b", "café+1.flv");
        assertThat(target.query()).containsOnlyKeys("key", "flag");
        assertThat(target.query()).containsEntry("key", "last").containsEntry("flag", "");
        assertThat(RequestTarget.parse("/?key=a%2Bb+c%2520").query()).containsEntry("key", "a+b c%20");
    }

    @Test
    void theRootHasNoSegments() throws Exception {
        assertThat(RequestTarget.parse("/").segments()).isEmpty();
        assertThat(RequestTarget.parse("/?q").segments()).isEmpty();
        assertThat(RequestTarget.parse("http://localhost").segments()).isEmpty();
    }

    @Test
    void keepsEmptySegmentsForPatternsToRefuse() throws Exception {
        assertThat(RequestTarget.parse("/live//x/").segments()).containsExactly("live", "", "x", "");
    }

    @Test
    void acceptsTheAbsoluteForm() throws Exception {
        assertThat(RequestTarget.parse("http://host:1/live/x?q=1").segments()).containsExactly("live", "x");
        assertThat(RequestTarget.authority("http://host:1/live/x?q=1")).isEqualTo("host:1");
        assertThat(RequestTarget.authority("http://host?q")).isEqualTo("host");
        assertThat(RequestTarget.authority("/live/http://host/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/live/../etc/passwd, '.' or '..'",
                "/live/%2e%2E/x, '.' or '..'",
                "/./x, '.' or '..'",
                "/live/a%2Fb, encoded slash",
                "/live/a%5Cb, backslash",
                "/live/a\\b, backslash",
                "/live/%252e%252e, percent sign",
                "/live/a%00b, control characters",
                "/live/a%0d%0aSet-Cookie, control characters",
                "/live/a%C2%85, control characters",
                "/live/%, two hexadecimal digits",
                "/live/%4, two hexadecimal digits",
                "/live/%zz, two hexadecimal digits",
                "/live/%FF, UTF-8",
                "/live/%C0%AE, UTF-8",
                "/live/x?q=%FF, UTF-8",
                "/live/x#y, '#'",
                "live/x, start with '/'",
                "ftp://host/x, start with '/'",
                "*, start with '/'"
            })
    void refusesWhatIsATrickOrAMistake(String target, String sentence) {
        assertThatThrownBy(() -> RequestTarget.parse(target))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesLettersThatWereNotEncoded() {
        assertThatThrownBy(() -> RequestTarget.parse("/live/é")).isInstanceOf(BadRequest.class);
    }

    @ParameterizedTest
    @CsvSource({"/x, /a", "/x?a=1, &a=1"})
    void refusesMoreThanAnyoneNeeds(String start, String repeated) {
        assertThatThrownBy(() -> RequestTarget.parse(start + repeated.repeat(100)))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("more than");
    }
}
