/// FLV, as a file and as the bodies of RTMP messages: tags to entries and entries to tags.
@NullMarked
package dev.sluice.media.flv;

import org.jspecify.annotations.NullMarked;
